/** Between two looks, in milliseconds. */
const INTERVAL = 3000;

/** Keeps a part of the page as the server would show it now, while somebody looks. The button stops and goes on. */
export function keepUpToDate(part) {
  const button = document.getElementById("live-button");
  const state = document.getElementById("live-state");
  let paused = false;
  let last = part.dataset.said;

  const say = (text) => {
    if (text !== last) state.textContent = text;
    last = text;
  };

  const look = async () => {
    if (paused || document.hidden) return;
    try {
      const response = await fetch(location.href, { signal: AbortSignal.timeout(INTERVAL * 2) });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const now = page.querySelector("[data-live]");
      if (!now) throw new Error(`answered ${response.status}`);
      if (paused) return;
      part.replaceChildren(...document.adoptNode(now).childNodes);
      part.ariaBusy = null;
      say(now.dataset.said);
    } catch {
      part.ariaBusy = "true";
      say("No answer: what is shown is from before.");
    }
  };

  const next = async () => {
    await look();
    setTimeout(next, INTERVAL);
  };

  button.hidden = false;
  button.addEventListener("click", () => {
    paused = !paused;
    button.textContent = paused ? "Resume updates" : "Pause updates";
  });
  document.addEventListener("visibilitychange", look);
  setTimeout(next, INTERVAL);
}
