(function () {
  "use strict";
  var table = document.getElementById("table"), body = table.tBodies[0];
  var rows = Array.prototype.slice.call(body.rows), count = document.getElementById("count");
  var search = document.getElementById("search"), clear = document.getElementById("clear");
  var none = document.getElementById("none"), filters = document.getElementById("filters");
  var choices = Array.prototype.slice.call(document.querySelectorAll(".choice"));
  var collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  function fold(text) { return text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, ""); }
  rows.forEach(function (row) { row.find = fold(row.dataset.find); });
  // Choices of one group widen the list, choices of different groups narrow it.
  function chosen() {
    var found = {};
    choices.forEach(function (choice) {
      if (choice.getAttribute("aria-pressed") !== "true") { return; }
      (found[choice.dataset.group] = found[choice.dataset.group] || []).push(choice.dataset.value);
    });
    return found;
  }
  function show() {
    var words = fold(search.value).split(/\s+/).filter(Boolean), seen = 0, groups = chosen();
    rows.forEach(function (row) {
      var hit = Object.keys(groups).every(function (group) {
        return groups[group].indexOf(row.dataset[group] || "") >= 0;
      }) && words.every(function (word) { return row.find.indexOf(word) >= 0; });
      row.hidden = !hit;
      seen += hit ? 1 : 0;
    });
    var text = seen === 1 ? count.dataset.one : count.dataset.other;
    count.textContent = text.replace("{count}", seen).replace("{total}", count.dataset.total);
    none.hidden = seen > 0;
    clear.hidden = !Object.keys(groups).length && !search.value;
  }
  // The address keeps what is chosen, so that a list can be sent to somebody and found again.
  function remember() {
    var groups = chosen(), parts = Object.keys(groups).map(function (group) {
      return group + "=" + groups[group].map(encodeURIComponent).join(",");
    });
    if (search.value) { parts.push("q=" + encodeURIComponent(search.value)); }
    try { history.replaceState(null, "", parts.length ? "#" + parts.join("&") : location.pathname + location.search); }
    catch (refused) { /* some browsers refuse it for files: the list is narrowed all the same */ }
  }
  function recall() {
    if (location.hash.indexOf("=") < 0) { return; }
    location.hash.slice(1).split("&").forEach(function (part) {
      var at = part.indexOf("="), group = part.slice(0, at), values = part.slice(at + 1).split(",");
      try { values = values.map(decodeURIComponent); } catch (broken) { return; }
      if (group === "q") { search.value = values.join(","); }
      choices.forEach(function (choice) {
        if (choice.dataset.group === group && values.indexOf(choice.dataset.value) >= 0) {
          choice.setAttribute("aria-pressed", "true");
          if (filters) { filters.open = true; }
        }
      });
    });
  }
  function changed() { show(); remember(); }
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
    // The arrow is tied to the last word: alone on a line it would look like a mark of the row below.
    var words = head.textContent.trim().split(/\s+/);
    var end = document.createElement("span");
    end.className = "end";
    end.textContent = words.pop();
    button.textContent = words.length ? words.join(" ") + " " : "";
    button.appendChild(end);
    head.textContent = "";
    head.appendChild(button);
    button.addEventListener("click", function () { sort(head, index, head.dataset.sort === "number"); });
  });
  choices.forEach(function (choice) {
    choice.addEventListener("click", function () {
      choice.setAttribute("aria-pressed", choice.getAttribute("aria-pressed") === "true" ? "false" : "true");
      changed();
    });
  });
  clear.addEventListener("click", function () {
    search.value = "";
    choices.forEach(function (choice) { choice.setAttribute("aria-pressed", "false"); });
    changed();
    search.focus();
  });
  search.addEventListener("input", changed);
  if (filters && window.matchMedia("(min-width:66rem)").matches) { filters.open = true; }
  document.querySelector(".tools").hidden = false;
  recall();
  show();
})();
