// Buttons that copy what stands beside them. Without this script they are not shown, and the text can be selected.

document.documentElement.classList.add("copies");

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = button.closest("section, p").querySelector("textarea, [data-copied]");
  try {
    await navigator.clipboard.writeText(field.value ?? field.textContent);
    button.textContent = "Copied";
  } catch {
    // no clipboard here: select the text, so that the reader's own key copies it
    if (field.select) field.select();
    else getSelection().selectAllChildren(field);
    button.textContent = "Selected";
  }
});
