// What is wrong with the geometry of the picture that is shown: texts outside of their frames, frames on frames, texts
// on texts, lines through frames, lines across lines, and whatever lies outside of the drawing.
() => {
  const pictures = [...document.querySelectorAll(".map-picture")].filter(each => each.checkVisibility());
  const [svg] = pictures, faults = [];
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const box = each => each.getBoundingClientRect();
  const said = each => each.textContent.trim().slice(0, 40);
  const overlap = (a, b) => [Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)];
  const inside = (inner, outer, slack) => inner.left >= outer.left - slack && inner.right <= outer.right + slack &&
    inner.top >= outer.top - slack && inner.bottom <= outer.bottom + slack;
  const frames = [...svg.querySelectorAll(".map-frame")].map(each => [each, box(each)]);
  const texts = [...svg.querySelectorAll("text")].filter(each => said(each)).map(each => [each, box(each)]);
  const whole = box(svg);
  for (const [each, place] of [...frames, ...texts]) if (!inside(place, whole, 1)) faults.push(`outside: ${said(each)}`);
  const holder = text => text.closest(".map-factors") || text.closest(".map-node");
  for (const [text, place] of texts) {
    const node = holder(text);
    if (node) {
      const frame = node.querySelector(".map-frame");
      if (!inside(place, box(frame), 0)) faults.push(`overflows: ${said(text)}`);
      const row = text.closest("a")?.querySelector(".map-pill");
      if (row && !inside(place, box(row), 2)) faults.push(`overflows its row: ${said(text)}`);
    } else for (const [frame, area] of frames) {
      const [x, y] = overlap(place, area);
      if (x > 1 && y > 1) faults.push(`on a frame: ${said(text)}`);
    }
  }
  for (const [a, one] of frames.entries()) for (const two of frames.slice(a + 1)) {
    const [x, y] = overlap(one[1], two[1]);
    if (x > 0.5 && y > 0.5) faults.push(`frames: ${said(one[0].parentNode)} and ${said(two[0].parentNode)}`);
  }
  for (const [a, one] of texts.entries()) for (const two of texts.slice(a + 1)) {
    const [x, y] = overlap(one[1], two[1]);
    if (x > 1 && y > 3 * scale) faults.push(`texts: ${said(one[0])} and ${said(two[0])}`);
  }
  const segments = [];
  for (const path of svg.querySelectorAll(".map-line")) {
    const matrix = path.getScreenCTM();
    let x = 0, y = 0;
    for (const [, command, rest] of path.getAttribute("d").matchAll(/([MHVv])([-\d. ]+)/g)) {
      const given = rest.trim().split(/\s+/).map(Number), [from, start] = [x, y];
      if (command === "M") [x, y] = given;
      else if (command === "H") x = given[0];
      else if (command === "V") y = given[0];
      else y += given[0];
      if (command === "M") continue;
      const at = (a, b) => new DOMPoint(a, b).matrixTransform(matrix);
      const one = at(from, start), two = at(x, y);
      segments.push({left: Math.min(one.x, two.x), right: Math.max(one.x, two.x), top: Math.min(one.y, two.y), bottom: Math.max(one.y, two.y)});
    }
  }
  for (const each of segments) {
    for (const [frame, area] of frames) {
      const [x, y] = overlap(each, area);
      if (x >= 0 && y >= 0 && x + y > 2.5 * scale) faults.push(`line through ${said(frame.parentNode)}`);
    }
    for (const [text, area] of texts) {
      const [x, y] = overlap(each, area);
      if (x >= 0 && y >= 0) faults.push(`line on ${said(text)}`);
    }
    for (const other of segments) if (each.top === each.bottom && other.left === other.right) {
      const slack = 1.5;
      if (other.left > each.left + slack && other.left < each.right - slack && each.top > other.top + slack && each.top < other.bottom - slack)
        faults.push(`lines cross at ${Math.round(other.left)}, ${Math.round(each.top)}`);
    }
  }
  const smallest = Math.min(...texts.map(([text]) => parseFloat(getComputedStyle(text).fontSize) * scale));
  return {pictures: pictures.length, nodes: frames.length, faults, smallest: Math.round(smallest * 100) / 100};
}
