/**
 * Asks before something is gone on top of the page instead of on a page of its own: the question is that page's. If it
 * cannot be had, the link is followed.
 */
export function askInDialogs(enhance) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-dialog]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    ask(link, enhance).catch(() => location.assign(link.href));
  });
}

async function ask(link, enhance) {
  const response = await fetch(link.href);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const question = response.ok && page.querySelector("[data-question]");
  if (!question) throw new Error("no question there");
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "question");
  dialog.append(document.adoptNode(question));
  enhance(dialog);
  dialog.addEventListener("click", (event) => {
    if (event.target !== dialog && !event.target.closest("[data-cancel]")) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  // What undoes nothing: who presses Enter without reading loses nothing.
  dialog.querySelector("[data-cancel]").focus();
}
