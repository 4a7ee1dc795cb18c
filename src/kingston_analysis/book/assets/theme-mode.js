// Before anything is drawn: the reader's own choice of light or dark, else what the page has.
(() => {
  const { dataset } = document.documentElement;
  const unset = dataset.theme || "auto";
  dataset.mode = localStorage.getItem("mode") || unset;
  dataset.theme = localStorage.getItem("theme") || unset;
})();
