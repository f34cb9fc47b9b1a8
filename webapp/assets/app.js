/** What the pages can do better in a browser that runs scripts; each of them works without. */
import { enhanceForms } from "./forms.js";

enhanceForms(document);
showLocalTimes(document);
document.querySelector("[data-focus]")?.focus();

if (document.querySelector("[data-dialog]")) {
  const { askInDialogs } = await import("./dialog.js");
  askInDialogs(enhanceForms);
}
const search = document.querySelector("form[data-search]");
if (search) {
  const { searchAsYouType } = await import("./search.js");
  searchAsYouType(search, showLocalTimes);
}
const photo = document.querySelector("input[data-preview]");
if (photo) {
  const { previewPhoto } = await import("./photo.js");
  previewPhoto(photo);
}
const live = document.querySelector("[data-live]");
if (live) {
  const { keepUpToDate } = await import("./live.js");
  keepUpToDate(live);
}

/** Times come in UTC: here they become those of who reads them. */
function showLocalTimes(root) {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, {
    dateStyle: "medium",
    timeStyle: "short",
  });
  for (const time of root.querySelectorAll("time[datetime]")) {
    time.title = time.textContent;
    time.textContent = format.format(new Date(time.dateTime));
  }
}
