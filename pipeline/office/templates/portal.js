(function () {
  "use strict";
  var table = document.getElementById("table"), body = table.tBodies[0];
  var rows = Array.prototype.slice.call(body.rows), count = document.getElementById("count");
  var search = document.getElementById("search"), type = document.getElementById("type");
  var none = document.getElementById("none");
  var collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  function fold(text) { return text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, ""); }
  rows.forEach(function (row) { row.find = fold(row.dataset.find); });
  function show() {
    var words = fold(search.value).split(/\s+/).filter(Boolean), seen = 0;
    var kind = type ? type.value : "";
    rows.forEach(function (row) {
      var hit = (!kind || row.dataset.type === kind) && words.every(function (word) {
        return row.find.indexOf(word) >= 0;
      });
      row.hidden = !hit;
      seen += hit ? 1 : 0;
    });
    var text = seen === 1 ? count.dataset.one : count.dataset.other;
    count.textContent = text.replace("{count}", seen).replace("{total}", count.dataset.total);
    none.hidden = seen > 0;
  }
  function sort(head, index, numeric) {
    var up = head.getAttribute("aria-sort") !== "ascending";
    // Numbers are read from the highest first: that is what a reader looks for.
    if (numeric && !head.hasAttribute("aria-sort")) { up = false; }
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (cell) { cell.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    rows.sort(function (a, b) {
      var x = a.cells[index].dataset.key, y = b.cells[index].dataset.key;
      if (!x || !y) { return x ? -1 : y ? 1 : 0; }
      var order = numeric ? Number(x) - Number(y) : collator.compare(x, y);
      return up ? order : -order;
    });
    rows.forEach(function (row) { body.appendChild(row); });
  }
  Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, index) {
    if (!head.dataset.sort) { return; }
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.textContent = "";
    head.appendChild(button);
    button.addEventListener("click", function () { sort(head, index, head.dataset.sort === "number"); });
  });
  document.querySelector(".tools").hidden = false;
  search.addEventListener("input", show);
  if (type) { type.addEventListener("change", show); }
})();
