// <button data-dialog="id"> opens a dialog, [data-close] shuts it; so does a click beside it.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    opener.closest("[popover]")?.hidePopover();
    const dialog = document.getElementById(opener.dataset.dialog);
    dialog?.showModal();
    dialog?.dispatchEvent(new CustomEvent("dialog:open", { bubbles: true }));
    return;
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  else if (event.target.matches?.("dialog") && outside(event)) event.target.close();
});

function outside({ target, clientX, clientY }) {
  const box = target.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

document.addEventListener("close", (event) => {
  if (event.target.matches?.("dialog[data-once]")) event.target.remove();
}, { capture: true });

// A form that was refused stands in its dialog again, with what was typed.
const refused = document.querySelector("[data-reopen]")?.closest("dialog");
if (refused) {
  // What has the focus now gets it back when the dialog shuts.
  document.querySelector(`[data-dialog="${CSS.escape(refused.id)}"]`)?.focus();
  refused.showModal();
}
