// The Article page with its side sheet. Everything works without it: sentences are pages, the bar is a form of links.

const sheet = document.getElementById("sheet");
const list = document.querySelector(".passages");
const wide = window.matchMedia("(min-width: 56.01rem)");
let opener = null;

function marked(name) {
  for (const each of document.querySelectorAll(".passage.is-open")) each.classList.remove("is-open");
  const place = document.getElementById(name)?.closest(".passage");
  if (!place) return;
  place.classList.add("is-open");
  place.scrollIntoView({ block: "nearest" });
}

function close() {
  if (!sheet.open) return;
  sheet.close();
  document.body.classList.remove("sheet-open");
  marked("");
  if (opener?.isConnected) opener.focus();
}

function shut() {
  const bar = document.createElement("div");
  bar.className = "shut";
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Close";
  button.addEventListener("click", close);
  bar.append(button);
  return bar;
}

async function open(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.querySelector(".sheet");
  if (!found) throw new Error("no sheet");
  const title = found.querySelector("h1");
  const heading = document.createElement("h2");
  heading.id = "sheet-title";
  heading.tabIndex = -1;
  heading.append(...title.childNodes);
  title.replaceWith(heading);
  sheet.replaceChildren(shut(), document.adoptNode(found));
  if (!sheet.open) {
    if (wide.matches) sheet.show();
    else sheet.showModal();
  }
  document.body.classList.add("sheet-open");
  sheet.scrollTop = 0;
  marked(found.dataset.name);
  heading.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (sheet && link.matches("[data-sheet]")) {
    event.preventDefault();
    if (!sheet.contains(link)) opener = link;
    open(link.href).catch(() => location.assign(link.href));
  } else if (sheet?.contains(link) && link.pathname === location.pathname && link.hash) {
    close();
  } else if (list && link.matches("[data-became]")) {
    event.preventDefault();
    show(link.dataset.became);
  } else if (link.matches("[data-room]")) {
    light(link.dataset.room);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && sheet?.open && !event.defaultPrevented) close();
});

if (sheet) sheet.addEventListener("close", () => document.body.classList.remove("sheet-open"));

function show(became) {
  list.dataset.show = became;
  for (const each of document.querySelectorAll("[data-shares] li a")) {
    if (each.dataset.became === became) each.setAttribute("aria-current", "true");
    else each.removeAttribute("aria-current");
  }
  history.replaceState(null, "", became ? `/article?became=${became}` : "/article");
}

function light(silence) {
  for (const each of document.querySelectorAll("#algorithm .is-lit")) each.classList.remove("is-lit");
  for (const each of document.querySelectorAll("#algorithm [data-silence]")) {
    if (each.dataset.silence === silence) each.classList.add("is-lit");
  }
  // of the drawings for several widths, the one that is shown
  const room = [...document.querySelectorAll("#algorithm .is-lit")].find((each) => each.getClientRects().length);
  if (room) requestAnimationFrame(() => room.scrollIntoView({ block: "center" }));
}
