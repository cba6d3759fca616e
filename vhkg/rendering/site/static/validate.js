// A file dropped anywhere on the page is the one that is chosen; what is sent is the form, as without a script.
const input = document.getElementById("file");
const zone = input.closest(".drop");
let inside = 0;

const carries = (event) => Array.from(event.dataTransfer?.types ?? []).includes("Files");

function mark(change) {
  inside = Math.max(0, inside + change);
  zone.classList.toggle("over", inside > 0);
}

addEventListener("dragenter", (event) => carries(event) && mark(1));
addEventListener("dragleave", (event) => carries(event) && mark(-1));
addEventListener("dragover", (event) => carries(event) && event.preventDefault());
addEventListener("drop", (event) => {
  if (!carries(event)) return;
  event.preventDefault();
  mark(-inside);
  const chosen = new DataTransfer();
  if (event.dataTransfer.files.length) chosen.items.add(event.dataTransfer.files[0]);
  input.files = chosen.files;
  input.form.requestSubmit(input.form.querySelector("button.main"));
});
