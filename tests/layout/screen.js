// What is wrong with the page as it stands on this screen: a list of [rule, where, what]. Knows HTML, and nothing of
// how it was made. Every rule has a made-up page that breaks it in test_screen.py.
const LEAST_PX = 12, LEAST_FIGURE_PX = 7, LINES = 3, TAP_PX = 24, MOST_SAID = 3;
const wide = document.documentElement.clientWidth, found = [];
const say = (rule, at, what) => found.push([rule, where(at), String(what).replace(/\s+/g, ' ').slice(0, 110)]);
const text = e => (e.textContent || '').replace(/\s+/g, ' ').trim();
const looks = new Map();
const look = e => { if (!looks.has(e)) looks.set(e, getComputedStyle(e)); return looks.get(e); };
const seen = e => e.checkVisibility({visibilityProperty: true, opacityProperty: true});
const drawing = e => e.ownerSVGElement || e.tagName === 'svg';
// Text for ears only (one pixel, or off the screen until it is focused) is not looked at.
const forEars = e => {
  for (let at = e; at && at !== document.body; at = at.parentElement) {
    const box = at.getBoundingClientRect(), style = look(at);
    if (style.position === 'absolute' && (box.width <= 2 || box.right < 0 || box.bottom < 0)) return true;
  }
  return false;
};
function where(e) {
  for (let at = e; at; at = at.parentElement) {
    if (at.id && at.id !== 'isi') return '#' + at.id;
    const label = at.getAttribute && at.getAttribute('aria-labelledby');
    if (label) return '#' + label;
  }
  return '';
}
const boxesOf = node => {
  const range = document.createRange();
  range.selectNodeContents(node);
  return [...range.getClientRects()].filter(b => b.width > 0.5 && b.height > 0.5);
};
const meet = (a, b, by = 1) =>
  Math.min(a.right, b.right) - Math.max(a.left, b.left) > by && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > by;
const scroller = e => {
  for (let at = e.parentElement; at && at !== document.body; at = at.parentElement)
    if (/auto|scroll/.test(look(at).overflowX)) return at;
  return null;
};

function page() {
  const all = document.documentElement.scrollWidth;
  if (all > wide + 1) say('page-too-wide', document.documentElement, `${all} px on a screen of ${wide}`);
}

// A table that does not fit scrolls in a box of its own that has a name and takes the keyboard, and what the rows are
// of stays in sight and leaves room for the rest.
function tables() {
  for (const table of document.querySelectorAll('table')) {
    if (!seen(table)) continue;
    const box = table.getBoundingClientRect(), around = scroller(table);
    if (box.right <= wide + 1 && !(around && around.scrollWidth > around.clientWidth + 1)) continue;
    if (!around) { say('table-cut', table, `${Math.round(box.width)} px, no scroller`); continue; }
    if (around.tabIndex !== 0 || around.getAttribute('role') !== 'region' || !around.getAttribute('aria-label'))
      say('table-cut', table, 'its scroller has no name or no keyboard');
    rows(table, around);
  }
}
function rows(table, around) {
  const room = around.getBoundingClientRect(), was = around.scrollLeft;
  around.scrollLeft = around.scrollWidth;
  const firsts = [...table.rows].map(row => row.cells[0]).filter(c => c && c.rowSpan === 1 && c.colSpan === 1);
  const first = firsts.find(c => c.closest('tbody')) || firsts[0];
  if (first) {
    const box = first.getBoundingClientRect(), last = table.rows[table.rows.length - 1].cells;
    if (last.length > 1 && (box.left < room.left - 1 || box.right > room.right + 1))
      say('row-lost', table, `row "${text(first).slice(0, 40)}" has left the screen at the end of the table`);
    else if (last.length > 1 && box.width > 0.5 * room.width)
      say('row-lost', table, `row "${text(first).slice(0, 40)}" fills ${Math.round(100 * box.width / room.width)} % of the screen`);
    else if (last.length > 1 && look(first).position === 'sticky' && /^(transparent|rgba\(.*, 0\))$/.test(look(first).backgroundColor))
      say('row-lost', table, 'what passes under the row header shines through');
  }
  around.scrollLeft = was;
}

// A cell of more lines than a reader likes though the table has room to spare: beside it, or in columns that fold nothing.
function cells() {
  for (const table of document.querySelectorAll('table')) {
    if (!seen(table)) continue;
    if (look(table).display === 'block') continue;  // rows as cards
    const grid = [...table.rows].filter(r => ![...r.cells].some(c => c.colSpan > 1 || c.rowSpan > 1));
    const used = [], room = [], long = [], folded = [];
    for (const row of grid) [...row.cells].forEach((cell, at) => {
      if (!seen(cell)) return;
      const style = look(cell), inner = cell.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      const lines = boxesOf(cell);
      if (!lines.length) { used[at] ??= 0; room[at] = inner; return; }
      const tops = [...new Set(lines.map(b => Math.round(b.bottom / 4)))];
      const left = Math.min(...lines.map(b => b.left)), right = Math.max(...lines.map(b => b.right));
      used[at] = Math.max(used[at] || 0, right - left);
      room[at] = inner;
      folded[at] ||= tops.length > 1;
      const rowsOf = Math.round((Math.max(...lines.map(b => b.bottom)) - Math.min(...lines.map(b => b.top))) / parseFloat(style.lineHeight));
      if (Math.min(tops.length, rowsOf) > LINES) long.push([cell, at, rowsOf, lines.reduce((sum, b) => sum + b.width, 0), inner]);
    });
    const around = table.parentElement, beside = Math.max(0, around.clientWidth - table.offsetWidth);
    let said = 0;
    for (const [cell, at, lines, length, inner] of long) {
      const free = beside + room.reduce((sum, r, i) => sum + (i === at || folded[i] ? 0 : Math.max(0, r - used[i] - 2)), 0);
      if (free > 24 && Math.ceil(1.15 * length / (inner + free)) < lines && said++ < MOST_SAID)
        say('cell-wrapped', table, `${lines} lines beside ${Math.round(free)} free px: ${text(cell)}`);
    }
  }
}

const holders = () => [...document.body.querySelectorAll('*')].filter(e =>
  !drawing(e) && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && !/^(SCRIPT|STYLE|TITLE|OPTION)$/.test(e.tagName)
  && !e.closest('math') && seen(e) && !forEars(e));

function clipped(all) {
  for (const e of all) {
    for (let at = e; at && at !== document.body; at = at.parentElement) {
      const style = look(at);
      if (!/hidden|clip/.test(style.overflowX + style.overflowY)) continue;
      if (at.scrollWidth > at.clientWidth + 1 || at.scrollHeight > at.clientHeight + 2)
        { say('text-clipped', at, text(e)); break; }
    }
  }
}
function small(all) {
  const sizes = new Map();
  for (const e of all) {
    if (e.closest('sub,sup')) continue;
    const size = parseFloat(look(e).fontSize) * (e.currentCSSZoom || 1), key = `${where(e)} ${size.toFixed(1)}`;
    if (size < LEAST_PX - 0.05) sizes.set(key, [e, size, ...(sizes.get(key) || []).slice(2), text(e)]);
  }
  for (const [e, size, ...said] of sizes.values()) say('text-small', e, `${size.toFixed(1)} px: ${said.join(' | ')}`);
}
// Text that stands out of the cell, line or box that it belongs to.
function outside(all) {
  for (const e of all) {
    const block = e.closest('td,th,li,p,dd,dt,figcaption,h1,h2,h3,h4,button,summary,legend,span,div') || e;
    const box = block.getBoundingClientRect();
    if (look(block).display === 'inline' || look(block).position === 'absolute') continue;
    for (const line of boxesOf(e))
      if (line.right > box.right + 1.5 || line.left < box.left - 1.5) { say('text-outside', e, text(e)); break; }
  }
}
function taps() {
  const prose = e => {
    const around = e.parentElement;
    const beside = [e.previousSibling, e.nextSibling].map(n => n && n.nodeType === 3 ? n.data : '');
    return look(e).display === 'inline' && /\p{L}{2}/u.test(beside[0].slice(-12) + ' ' + beside[1].slice(0, 12));
  };
  for (const e of document.querySelectorAll('a[href],button,input,select,summary')) {
    if (!seen(e) || forEars(e) || drawing(e) || prose(e)) continue;
    const box = e.getBoundingClientRect();
    if (box.height < TAP_PX - 0.5 || box.width < TAP_PX - 0.5)
      say('tap-small', e, `${Math.round(box.width)} x ${Math.round(box.height)}: ${text(e) || e.getAttribute('aria-label')}`);
  }
}
function siblings() {
  const flows = e => seen(e) && !/absolute|fixed|sticky/.test(look(e).position) && look(e).display !== 'inline'
    && look(e).display !== 'contents' && look(e).float === 'none' && !drawing(e) && !e.closest('math');
  for (const parent of [document.body, ...document.body.querySelectorAll('*')]) {
    if (drawing(parent) || parent.closest('math') || parent.children.length < 2 || /^(TR|TBODY|THEAD|TABLE)$/.test(parent.tagName)) continue;
    const mine = [...parent.children].filter(flows).map(e => [e, e.getBoundingClientRect()]).filter(([, b]) => b.width > 1 && b.height > 1);
    mine.forEach(([e, box], at) => {
      for (const [other, its] of mine.slice(at + 1, at + 4))
        if (meet(box, its)) say('siblings-overlap', other, `${text(e).slice(0, 40)} / ${text(other).slice(0, 40)}`);
    });
  }
}

// Drawings: boxes as four corners on the screen, because labels may be turned.
function corners(e, trim) {
  const b = e.getBBox(), m = e.getScreenCTM(), dx = 0.4, dy = trim * b.height;
  return [[b.x + dx, b.y + dy], [b.x + b.width - dx, b.y + dy], [b.x + b.width - dx, b.y + b.height - dy], [b.x + dx, b.y + b.height - dy]]
    .map(([x, y]) => [m.a * x + m.c * y + m.e, m.b * x + m.d * y + m.f]);
}
function cross(one, two, by) {
  for (const shape of [one, two])
    for (let i = 0; i < 2; i++) {
      const nx = shape[i + 1][1] - shape[i][1], ny = shape[i][0] - shape[i + 1][0], size = Math.hypot(nx, ny) || 1;
      const along = pts => pts.map(([x, y]) => (x * nx + y * ny) / size);
      const a = along(one), b = along(two);
      if (Math.min(Math.max(...a), Math.max(...b)) - Math.max(Math.min(...a), Math.min(...b)) <= by) return false;
    }
  return true;
}
const inside = (quad, x, y) => quad.every(([x0, y0], i) => {
  const [x1, y1] = quad[(i + 1) % 4];
  return (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) >= 0;
});
const around = pts => ({left: Math.min(...pts.map(p => p[0])), right: Math.max(...pts.map(p => p[0])),
  top: Math.min(...pts.map(p => p[1])), bottom: Math.max(...pts.map(p => p[1]))});
const pale = colour => {
  const part = (colour.match(/[\d.]+/g) || []).map(Number);
  return part.length < 3 || (part[3] ?? 1) < 0.3 || 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2] > 205;
};

function drawings() {
  for (const svg of document.querySelectorAll('svg')) {
    if (!seen(svg)) continue;
    const frame = svg.getBoundingClientRect(), texts = [], cut = new Map();
    for (const t of svg.querySelectorAll('text')) {
      if (!text(t) || !seen(t)) continue;
      const m = t.getScreenCTM(), sizes = [t, ...t.querySelectorAll('tspan')].map(e => parseFloat(look(e).fontSize));
      const size = Math.max(...sizes) * Math.sqrt(Math.abs(m.a * m.d - m.b * m.c));
      if (size < LEAST_FIGURE_PX - 0.05) say('figure-small', svg, `${size.toFixed(1)} px: ${text(t)}`);
      const quad = corners(t, 0.2), box = around(quad);
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        say('figure-clipped', svg, text(t));
      if (/…$|\.\.\.$/.test(text(t))) {
        if (cut.has(text(t))) say('cut-alike', svg, text(t));
        cut.set(text(t), t);
      }
      texts.push({t, quad, box, order: texts.length});
    }
    texts.sort((a, b) => a.box.top - b.box.top);
    texts.forEach((one, at) => {
      for (let i = at + 1; i < texts.length && texts[i].box.top < one.box.bottom; i++)
        if (meet(one.box, texts[i].box, 0.5) && cross(one.quad, texts[i].quad, 0.8))
          say('figure-overlap', svg, `${text(one.t)} / ${text(texts[i].t)}`);
    });
    marks(svg, texts);
  }
}
function marks(svg, texts) {
  const shapes = [], lines = [];
  for (const e of svg.querySelectorAll('path,line,polyline,circle,ellipse,rect,use')) {
    if (e.closest('defs,clipPath,symbol') || !seen(e)) continue;
    const box = e.getBoundingClientRect(), style = look(e);
    const near = texts.filter(t => meet(t.box, {left: box.left - 1, right: box.right + 1, top: box.top - 1, bottom: box.bottom + 1}, 0.3));
    if (!near.length) continue;
    if (e.tagName === 'use' || e.tagName === 'circle') {
      const x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
      const drawn = e.tagName === 'use' ? svg.querySelector(e.getAttribute('href') || e.getAttribute('xlink:href')) : e;
      const flat = box.height < 1.5 || box.width < 1.5;  // a tick
      if (drawn && pale(look(e).fill) && look(e).fill !== 'rgb(255, 255, 255)' && look(e).stroke === 'none') continue;
      for (const t of near)
        if (!flat && [[x, y], [box.left + 1, y], [box.right - 1, y], [x, box.top + 1], [x, box.bottom - 1]].some(([a, b]) => inside(t.quad, a, b)))
          say('figure-mark', svg, `a dot on: ${text(t.t)}`);
      continue;
    }
    if (style.fill !== 'none') shapes.push({e, box, dark: !pale(style.fill), back: e.getScreenCTM().inverse()});
    if (style.stroke !== 'none' && parseFloat(style.strokeWidth) > 0.6) lines.push([e, near]);
  }
  for (const [e, near] of lines) stroked(svg, e, near, shapes);
  filled(svg, shapes, texts);
}
// A text stands wholly on a bar or wholly beside it: along the middle of its height the topmost shape below it is
// pale throughout or dark throughout.
function filled(svg, shapes, texts) {
  for (const t of texts) {
    const [a, b, c, d] = t.quad, from = [(a[0] + d[0]) / 2, (a[1] + d[1]) / 2], to = [(b[0] + c[0]) / 2, (b[1] + c[1]) / 2];
    const below = shapes.filter(s => meet(t.box, s.box, 0) && s.e.compareDocumentPosition(t.t) & Node.DOCUMENT_POSITION_FOLLOWING).reverse();
    if (!below.some(s => s.dark)) continue;
    const on = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1].map(s => {
      const x = from[0] + s * (to[0] - from[0]), y = from[1] + s * (to[1] - from[1]);
      return below.find(one => one.e.isPointInFill(new DOMPoint(x, y).matrixTransform(one.back)))?.dark || false;
    });
    if (on.some(v => v) && !on.every(v => v)) say('figure-mark', svg, `half on a bar: ${text(t.t)}`);
  }
}
// A line that something drawn later covers where it would pass through a text is not seen there.
function stroked(svg, e, near, shapes) {
  const order = (a, b) => a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING;
  const covered = (t, x, y) => shapes.some(s => order(e, s.e) && order(s.e, t.t)
    && s.e.isPointInFill(new DOMPoint(x, y).matrixTransform(s.back)));
  const m = e.getScreenCTM(), put = (x, y) => [m.a * x + m.c * y + m.e, m.b * x + m.d * y + m.f];
  const left = new Set(near.filter(t => !(look(t.t).paintOrder || '').startsWith('stroke')));
  for (const [from, to] of pieces(e)) {
    if (!left.size) return;
    const [x0, y0] = put(...from), [x1, y1] = put(...to), steps = Math.ceil(Math.hypot(x1 - x0, y1 - y0) / 1.2) || 1;
    const box = {left: Math.min(x0, x1), right: Math.max(x0, x1), top: Math.min(y0, y1), bottom: Math.max(y0, y1)};
    for (const t of left) {
      if (box.left > t.box.right || box.right < t.box.left || box.top > t.box.bottom || box.bottom < t.box.top) continue;
      for (let i = 0; i <= steps; i++)
        if (inside(t.quad, x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps)
            && !covered(t, x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps))
          { say('figure-mark', svg, `a line through: ${text(t.t)}`); left.delete(t); break; }
    }
  }
}
// Straight pieces of a line. Paths are read here: asking the browser for points along a long one takes minutes.
function pieces(e) {
  if (e.tagName !== 'path') {
    if (!e.getTotalLength) return [];
    const length = e.getTotalLength(), ends = [...Array(33).keys()].map(i => e.getPointAtLength(length * i / 32)).map(p => [p.x, p.y]);
    return ends.slice(1).map((p, i) => [ends[i], p]);
  }
  const out = [];
  let at = [0, 0], start = at;
  for (const [, kind, rest] of e.getAttribute('d').matchAll(/([A-Za-z])([^A-Za-z]*)/g)) {
    const n = (rest.match(/-?[\d.]+(?:e-?\d+)?/g) || []).map(Number), to = p => { out.push([at, p]); at = p; };
    if (kind === 'M') { at = start = [n[0], n[1]]; for (let i = 2; i < n.length; i += 2) to([n[i], n[i + 1]]); }
    else if (kind === 'L') for (let i = 0; i < n.length; i += 2) to([n[i], n[i + 1]]);
    else if (kind === 'H') n.forEach(x => to([x, at[1]]));
    else if (kind === 'V') n.forEach(y => to([at[0], y]));
    else if (kind === 'z' || kind === 'Z') to(start);
    else if (kind === 'C') for (let i = 0; i < n.length; i += 6) {
      const [x0, y0] = at, [x1, y1, x2, y2, x3, y3] = n.slice(i, i + 6);
      for (let k = 1; k <= 8; k++) {
        const t = k / 8, u = 1 - t;
        to([u * u * u * x0 + 3 * u * u * t * x1 + 3 * u * t * t * x2 + t * t * t * x3,
          u * u * u * y0 + 3 * u * u * t * y1 + 3 * u * t * t * y2 + t * t * t * y3]);
      }
    }
    else if (kind === 'Q') for (let i = 0; i < n.length; i += 4) to([n[i + 2], n[i + 3]]);
    else throw new Error(`a path of a kind that is not read: ${kind}`);
  }
  return out;
}

const all = holders();
page(); tables(); cells(); clipped(all); small(all); outside(all); taps(); siblings(); drawings();
return found;
