// Charts are drawn, and tables get search, sorting and CSV. Without this code the tables stand as they are.
"use strict";

(() => {
  const make = (tag, attributes, text) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) node.setAttribute(name, value);
    if (text !== undefined) node.textContent = text;
    return node;
  };

  // On a narrow screen the list of contents is closed at first, and after a turn of the screen.
  const contents = document.querySelector("nav details");
  const narrow = window.matchMedia("(max-width: 40rem)");
  const fold = () => { contents.open = !narrow.matches; };
  narrow.addEventListener("change", fold);
  fold();

  const valueOf = (cell) => cell.dataset.v ?? cell.textContent;

  // Numbers by value, text as people sort it; what is not known comes last.
  const compare = (numeric, sign) => (one, other) => {
    if (!numeric) return sign * one.localeCompare(other, undefined, { numeric: true });
    const [a, b] = [parseFloat(one.replaceAll(",", "")), parseFloat(other.replaceAll(",", ""))];
    if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) - Number.isNaN(b);
    return sign * (a - b);
  };

  const sortable = (table) => {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = make("button", { type: "button" }, head.textContent);
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const order = compare(head.classList.contains("n"), down ? -1 : 1);
        const body = table.tBodies[0];
        body.append(...[...body.rows].sort((a, b) => order(valueOf(a.cells[column]), valueOf(b.cells[column]))));
      });
    });
  };

  const searchable = (table, tools, title) => {
    const rows = [...table.tBodies[0].rows];
    if (rows.length < 6) return;
    const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
    const input = make("input", { type: "search", placeholder: "Search", "aria-label": `Search: ${title}` });
    const count = make("span", { role: "status" }, `${rows.length} rows`);
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        row.hidden = !words.every((word) => texts.get(row).includes(word));
        shown += row.hidden ? 0 : 1;
      }
      count.textContent = words.length ? `${shown} of ${rows.length} rows` : `${rows.length} rows`;
    });
    tools.append(input, count);
  };

  // A number stays one; a text that a spreadsheet would take for a formula is told apart by an apostrophe.
  const csvCell = (cell, numeric) => {
    let text = valueOf(cell);
    if (numeric) text = text === "–" ? (cell.dataset.v ?? "") : text.replaceAll(",", "");
    else if (/^[=+\-@\t\r]/.test(text)) text = `'${text}`;
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };

  const asCsv = (table) => {
    const numeric = [...table.tHead.rows[0].cells].map((head) => head.classList.contains("n"));
    const rows = [table.tHead.rows[0], ...[...table.tBodies[0].rows].filter((row) => !row.hidden)];
    const lines = rows.map((row, i) => [...row.cells].map((cell, j) => csvCell(cell, i > 0 && numeric[j])).join(","));
    return `\ufeff${lines.join("\r\n")}\r\n`;
  };

  const downloadable = (table, tools, title) => {
    const button = make("button", { type: "button", "aria-label": `Download as CSV: ${title}` }, "CSV");
    button.addEventListener("click", () => {
      const address = URL.createObjectURL(new Blob([asCsv(table)], { type: "text/csv" }));
      const link = make("a", { href: address, download: `${table.dataset.csv}.csv` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), 1000);
    });
    tools.append(button);
  };

  for (const table of document.querySelectorAll("table[data-csv]")) {
    const tools = make("div", { class: "tools" });
    const title = table.caption.textContent;
    sortable(table);
    searchable(table, tools, title);
    downloadable(table, tools, title);
    table.closest(".grid").prepend(tools);
  }

  const draw = async (place, spec) => {
    const plot = document.querySelector(`[data-chart="${place}"]`);
    try {
      const drawn = await window.vegaEmbed(plot, spec, { renderer: "svg", actions: false, tooltip: { theme: "custom" } });
      plot.dataset.drawn = String(plot.querySelectorAll(".mark-rect path, .mark-line path, .mark-area path, .mark-rule line, .mark-symbol path").length);
      plot.querySelector("svg").setAttribute("aria-hidden", "true"); // the place around it is an image, and says what it shows
      return drawn;
    } catch (error) {
      plot.dataset.drawn = "0";
      plot.textContent = "This chart could not be drawn; its figures are in the table.";
      console.error(place, error);
      return null;
    }
  };

  const drawAll = async () => {
    const charts = JSON.parse(document.getElementById("charts").textContent);
    for (const [place, spec] of Object.entries(charts)) await draw(place, spec);
    document.documentElement.dataset.ready = "true";
  };
  document.addEventListener("DOMContentLoaded", drawAll); // the library comes after this code
})();
