// SPDX-License-Identifier: GPL-2.0-only
// What must hold of a page, as an object of functions; each returns a list of faults. It is
// evaluated in the page, which has no script of its own.
(() => {
  "use strict";

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const shown = (node) => {
    const text = (node.getAttribute?.("aria-label") || node.textContent || "").trim();
    return `<${node.nodeName.toLowerCase()}> "${text.replace(/\s+/g, " ").slice(0, 50)}"`;
  };

  // ---- Colours --------------------------------------------------------------------------------

  /** Returns red, green, blue (0 to 255) and opacity of a computed colour; null for none. */
  const parse = (text) => {
    const numbers = text.match(/^rgba?\(([^)]*)\)$/)?.[1].split(/[ ,/]+/).map(Number);
    return numbers ? [...numbers.slice(0, 3), numbers[3] ?? 1] : null;
  };
  const over = (top, below) => [
    ...[0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])),
    1,
  ];
  /** Relative luminance, as WCAG 2.1 defines it. */
  const luminance = (color) => {
    const [red, green, blue] = color.slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ratio = (a, b) => {
    const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (light + 0.05) / (dark + 0.05);
  };
  /** What a page without a background has. */
  const canvas = () =>
    matchMedia("(prefers-color-scheme: dark)").matches && document.body
      ? [18, 18, 18, 1]
      : [255, 255, 255, 1];

  /** Returns the colour behind an element of HTML. */
  const behind = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) {
      const color = parse(getComputedStyle(one).backgroundColor);
      if (color && color[3] > 0) {
        layers.push(color);
      }
      if (color && color[3] === 1) {
        break;
      }
    }
    return layers.reduceRight((below, top) => over(top, below), canvas());
  };

  /** Returns the filled shapes of a picture: element, colour, and the way from the screen to it. */
  const shapesOf = (picture) => all("rect, circle, polygon, path", picture).flatMap((shape) => {
    const style = getComputedStyle(shape);
    const fill = parse(style.fill);
    const matrix = shape.getScreenCTM();
    if (!fill || !matrix || shape.closest("defs")) {
      return [];
    }
    const color = [...fill.slice(0, 3), fill[3] * style.fillOpacity * style.opacity];
    return [{ shape, color, inverse: matrix.inverse() }];
  });

  /** Returns the colour behind a text of SVG: of what was last filled where its middle is. */
  const behindInPicture = (text, picture, shapes) => {
    const box = text.getBoundingClientRect();
    const middle = new DOMPoint(box.left + box.width / 2, box.top + box.height / 2);
    let below = picture.parentElement ? behind(picture) : canvas();
    for (const { shape, color, inverse } of shapes) {
      if (shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_PRECEDING) {
        break;
      }
      if (shape.isPointInFill(middle.matrixTransform(inverse))) {
        below = over(color, below);
      }
    }
    return below;
  };

  /** Returns all elements that have words of their own which somebody can see. */
  const texts = () => {
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    const found = new Set();
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (!walker.currentNode.data.trim() || element.closest("style, script, title, desc")) {
        continue;
      }
      // What only screen readers are told is clipped.
      const isClipped = element.closest(".hidden");
      if (element.checkVisibility({ visibilityProperty: true }) && !isClipped) {
        found.add(element);
      }
    }
    return [...found];
  };

  /** Words must stand out from what is behind them, and be large enough. */
  const contrast = () => {
    const faults = [];
    const shapes = new Map(all("svg").map((picture) => [picture, shapesOf(picture)]));
    for (const element of texts()) {
      const style = getComputedStyle(element);
      const picture = element.closest("svg");
      const size = parseFloat(style.fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
      const back = picture ? behindInPicture(element, picture, shapes.get(picture)) : behind(element);
      const color = parse(picture ? style.fill : style.color);
      const least = isLarge && !picture ? 3 : 4.5;
      const seen = color ? ratio(over(color, back), back) : 0;
      if (seen < least) {
        faults.push(
          `contrast ${seen.toFixed(2)} < ${least}: ${shown(element)}, ${color} on ${back}`);
      }
      const scale = picture ? picture.getBoundingClientRect().width /
                              (picture.viewBox.baseVal.width || 1) : 1;
      if (size * scale < 10) {
        faults.push(`words of ${(size * scale).toFixed(1)} pixels: ${shown(element)}`);
      }
    }
    return faults;
  };

  // ---- Pictures -------------------------------------------------------------------------------

  /** How far a box reaches beyond another one, in pixels; 0 if it does not. */
  const beyond = (box, room) => Math.max(
    0, room.left - box.left, box.right - room.right, room.top - box.top, box.bottom - room.bottom);
  /** How much two boxes share, in pixels of the shorter side. */
  const shared = (a, b) => Math.min(
    Math.min(a.right, b.right) - Math.max(a.left, b.left),
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

  /** Returns the smallest area that is drawn behind the middle of a text. */
  const areaBehind = (box, areas) => {
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    return areas
      .filter((area) => area.left <= x && x <= area.right && area.top <= y && y <= area.bottom)
      .sort((a, b) => a.width * a.height - b.width * b.height)[0];
  };

  /** Words must stay in their picture and its areas, and off each other. */
  const pictures = () => all("svg").flatMap((picture) => {
    const faults = [];
    const room = picture.getBoundingClientRect();
    const areas = all("rect", picture)
      .filter((one) => !one.closest("defs") && parse(getComputedStyle(one).fill))
      .map((one) => one.getBoundingClientRect());
    const words = all("text", picture)
      .filter((one) => one.textContent.trim())
      .map((one) => ({ one, box: one.getBoundingClientRect() }))
      .sort((a, b) => a.box.top - b.box.top);
    words.forEach(({ one, box }, i) => {
      if (beyond(box, room) > 1) {
        faults.push(`outside of the picture: ${shown(one)}`);
      }
      const area = areaBehind(box, areas);
      if (area && beyond({ ...box.toJSON(), top: area.top, bottom: area.bottom }, area) > 1) {
        faults.push(`outside of its box: ${shown(one)}`);
      }
      // What a font leaves free above and below its letters may touch.
      for (let k = i + 1; k < words.length && words[k].box.top < box.bottom; k++) {
        if (shared(box, words[k].box) > 3) {
          faults.push(`overlaps: ${shown(one)} and ${shown(words[k].one)}`);
        }
      }
    });
    return faults;
  });

  // ---- Structure ------------------------------------------------------------------------------

  const headings = () => {
    const faults = [];
    let last = 0;
    for (const heading of all("h1, h2, h3, h4, h5, h6")) {
      const level = Number(heading.nodeName[1]);
      if (level > last + 1) {
        faults.push(`level ${level} follows level ${last}: ${shown(heading)}`);
      }
      last = level;
    }
    const count = all("h1").length;
    return count === 1 ? faults : [...faults, `${count} h1`];
  };

  const identifiers = () => {
    const ids = all("[id]").map((element) => element.id);
    const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
    const gone = all("[aria-labelledby], a[href^='#']")
      .map((one) => one.getAttribute("aria-labelledby") ?? one.getAttribute("href").slice(1))
      .filter((id) => !document.getElementById(id));
    return [
      ...twice.map((id) => `id ${id} is there twice`),
      ...gone.map((id) => `id ${id} is named, but not there`),
    ];
  };

  const tables = () => all("table").flatMap((table) => [
    ...(table.caption?.textContent.trim() ? [] : [`no caption: ${shown(table)}`]),
    ...all("th:not([scope])", table).map((cell) => `no scope: ${shown(cell)}`),
    ...all("tr", table)
      .filter((row) => !row.querySelector("th"))
      .map((row) => `no heading: ${shown(row)}`),
  ]);

  const names = () => [
    ...all("svg, img")
      .filter((one) => one.getAttribute("role") !== "img" ||
                       !(one.getAttribute("aria-label") || one.getAttribute("alt")))
      .map((one) => `no accessible name: ${shown(one)}`),
    ...all("input, select, textarea, button")
      .filter((one) => !one.labels?.length && !one.getAttribute("aria-label") &&
                       !one.textContent.trim())
      .map((one) => `no label: ${shown(one)}`),
    ...all("[tabindex], [role=region]")
      .filter((one) => !one.getAttribute("aria-label"))
      .map((one) => `no label: ${shown(one)}`),
  ];

  /** A page stands for itself: it names nothing outside, and needs no script. */
  const references = () => [
    ...all("script").map(() => "there is a script"),
    ...all("[src], [href]")
      .map((one) => one.getAttribute("src") ?? one.getAttribute("href"))
      .filter((link) => !/^(#|data:)/.test(link))
      .map((link) => `names ${link}`),
  ];

  const structure = () => [
    ...(document.documentElement.lang ? [] : ["no lang"]),
    ...(document.title.trim() ? [] : ["no title"]),
    ...headings(), ...identifiers(), ...tables(), ...names(), ...references(),
  ];

  /** Everything that unfolds must show words when somebody clicks on it; all are open then. */
  const unfold = () => all("details").flatMap((details) => {
    const summary = details.querySelector(":scope > summary");
    if (!summary?.textContent.trim()) {
      return [`nothing to click on: ${shown(details)}`];
    }
    details.open = false;
    const body = [...details.children].filter((child) => child !== summary);
    const before = body.some((child) => child.checkVisibility());
    summary.click();
    const after = body.some((child) => child.checkVisibility() && child.innerText.trim() &&
                                       child.getBoundingClientRect().height > 0);
    return before || !after ? [`does not unfold: ${shown(details)}`] : [];
  });

  /** Nothing may be wider than the window, but for what scrolls by itself. */
  const width = () => {
    const root = document.scrollingElement;
    const faults = root.scrollWidth > innerWidth
      ? [`the page is ${root.scrollWidth} wide in a window of ${innerWidth}`] : [];
    const wide = all("body *").find((one) => !one.closest(".wide, .hidden") &&
                                             one.getBoundingClientRect().right > innerWidth + 1);
    return wide ? [...faults, `too wide: ${shown(wide)}`] : faults;
  };

  return { structure, unfold, contrast, width, pictures };
})()
