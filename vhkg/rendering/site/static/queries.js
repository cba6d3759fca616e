// Comfort in the editor: Enter keeps the indentation, Ctrl+Enter asks, and the place of the caret is shown.
// Tab stays what it is everywhere, so that the keyboard can leave.
const text = document.getElementById("query");
const shown = document.getElementById("query-place");

function place() {
  const before = text.value.slice(0, text.selectionStart).split("\n");
  return [before.length, before[before.length - 1].length + 1];
}

function tell() {
  const [line, column] = place();
  shown.textContent = `line ${line}, column ${column}`;
}

function go(line, column) {
  const lines = text.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const at = Math.min(start + column - 1, text.value.length);
  text.focus();
  text.setSelectionRange(at, at);
}

if (text && shown) {
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      text.form.requestSubmit(text.form.querySelector("button.main"));
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      const line = text.value.slice(0, text.selectionStart).split("\n").pop();
      const indent = line.match(/^\s*/)[0] + (/[{(]\s*$/.test(line) ? "  " : "");
      if (indent) {
        event.preventDefault();
        text.setRangeText("\n" + indent, text.selectionStart, text.selectionEnd, "end");
      }
    }
  });
  for (const name of ["keyup", "click", "focus"]) text.addEventListener(name, tell);
  if (text.dataset.line) {
    go(Number(text.dataset.line), Number(text.dataset.column));
    tell();
  }
}
