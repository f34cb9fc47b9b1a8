/** Stands in for `archiver` in the bundle of main.ts: loads it when it is first used. */
// A name that the bundler cannot see through, or it would take the library in after all.
const name = ["archiver"].join("");
module.exports = (...options) => require(name)(...options);
