/** How long nothing is typed before it is searched, in milliseconds. */
const PAUSE = 200;

/** Searches while one types. The results are those of the page that the form leads to. */
export function searchAsYouType(form, enhance) {
  const field = form.elements.search;
  const said = document.getElementById("found");
  let timer;
  let running;

  const search = async () => {
    running?.abort();
    running = new AbortController();
    const { signal } = running;
    const results = document.getElementById("results");
    const url = new URL(form.action);
    if (field.value.trim() !== "") url.searchParams.set("search", field.value);
    results.ariaBusy = "true";
    try {
      const response = await fetch(url, { signal });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const found = page.getElementById("results");
      if (!found) return form.submit();
      results.replaceWith(document.adoptNode(found));
      enhance(found);
      said.textContent = found.dataset.said;
      history.replaceState(null, "", url);
    } catch (error) {
      if (error.name !== "AbortError") form.submit();
    }
  };

  const stop = () => {
    clearTimeout(timer);
    running?.abort();
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE);
  });
  form.addEventListener("submit", stop);
  addEventListener("pagehide", stop);
}
