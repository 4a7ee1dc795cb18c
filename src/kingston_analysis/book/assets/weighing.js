(() => {
  "use strict";

  // Totals are compared as the build compares them: what differs by less is error of arithmetic.
  const DECIMALS = 1e9;
  // A screen reader is not interrupted at every step of a slider.
  const PAUSE = 600;

  // An empty cell counts as the lowest score in the total that ranks, as the highest in the other.
  const [LOWEST, HIGHEST] = [1, 5];

  const total = (scores, headings, weights, empty) => {
    let weighed = 0;
    let behind = 0;
    headings.forEach(({ id }, at) => {
      const score = id in scores ? scores[id] : empty;
      weighed += (weights[at] * (score - LOWEST)) / (HIGHEST - LOWEST);
      behind += weights[at];
    });
    if (behind === 0) return null;
    return Math.round(((100 * weighed) / behind) * DECIMALS) / DECIMALS;
  };

  const ranking = (matrix, weights) => {
    const scored = matrix.topics.map(({ id, title, scores, ranked }) => ({
      id,
      title,
      rank: null,
      ranked,
      lowest: total(scores, matrix.headings, weights, LOWEST),
      highest: total(scores, matrix.headings, weights, HIGHEST),
      ties: matrix.tie_breaks.map((heading) => scores[heading] || LOWEST),
    }));
    const byTitle = (one, other) => (one.title < other.title ? -1 : 1);
    const above = (one, other) =>
      [one.lowest, ...one.ties].reduce(
        (found, value, at) => found || [other.lowest, ...other.ties][at] - value, 0);
    const ranked = scored.filter((each) => each.ranked && each.lowest !== null)
      .sort((one, other) => above(one, other) || byTitle(one, other));
    ranked.forEach((each, at) => {
      const before = ranked[at - 1];
      each.rank = before && above(before, each) === 0 ? before.rank : at + 1;
    });
    return [...ranked, ...scored.filter((each) => !ranked.includes(each)).sort(byTitle)];
  };

  // Python writes a half to the even digit, toFixed upwards; of tenths only quarters are halves.
  const written = (value) => (value % 1 === 0.25 ? value - 0.05 : value).toFixed(1);

  const ends = ({ lowest, highest }) => {
    if (lowest === null) return null;
    const [low, high] = [written(lowest), written(highest)];
    return low === high ? low : `${low} to ${high}`;
  };

  const move = (before, now) => {
    if (now === null) return before === null ? "not ranked" : "no longer ranked";
    if (before === null) return "newly ranked";
    if (before === now) return "same";
    return before > now ? `up ${before - now}` : `down ${now - before}`;
  };

  const start = (root) => {
    const matrix = JSON.parse(root.querySelector("script").textContent);
    const { first, words } = matrix;
    const agreed = matrix.headings.map((each) => each.weight);
    const atFirst = new Map(ranking(matrix, agreed).map((each) => [each.id, each.rank]));
    const sliders = [...root.querySelectorAll("input")];
    const body = root.querySelector("tbody");
    const rows = new Map([...body.rows].map((row) => [row.dataset.topic, row]));
    const status = root.querySelector("[role=status]");
    // A slider can only show its own steps, and an agreed weight may lie between them.
    let weights = [...agreed];
    let waiting;

    const within = (rank) => rank !== null && rank <= first;

    const news = (ranks) => {
      if (weights.every((each) => each === 0)) return words.nothing;
      if (weights.every((each, at) => each === agreed[at])) return words.agreed;
      const titles = (wanted) => ranks.filter(wanted).map((each) => each.title).join(", ");
      const came = titles(({ id, rank }) => within(rank) && !within(atFirst.get(id)));
      const went = titles(({ id, rank }) => !within(rank) && within(atFirst.get(id)));
      if (!came && !went) {
        return `The same areas are in the ${words.places} as by the agreed weights.${words.rests}`;
      }
      return `Compared with the agreed weights, ${[
        came && `now in the ${words.places}: ${came}`,
        went && `no longer${came ? "" : ` in the ${words.places}`}: ${went}`,
      ].filter(Boolean).join("; ")}.${words.rests}`;
    };

    const show = () => {
      const ranks = ranking(matrix, weights);
      ranks.forEach((each) => {
        const row = rows.get(each.id);
        const [rank, , score, , inFirst, moved] = row.cells;
        rank.textContent = each.rank === null ? "not ranked" : `${each.rank}${words.mark}`;
        const both = ends(each);
        score.textContent = both === null ? "none" : `${both}${words.mark}`;
        inFirst.textContent = within(each.rank) ? "yes" : "no";
        moved.textContent = move(atFirst.get(each.id), each.rank);
        row.classList.toggle("kb-within", within(each.rank));
        body.append(row);
      });
      const own = weights.some((each, at) => each !== agreed[at]);
      root.querySelector(".kb-whose").textContent = own ? "your weights" : "the agreed weights";
      sliders.forEach((slider, at) => {
        slider.setAttribute("aria-valuetext", weights[at]);
        slider.parentElement.querySelector(".kb-weight").textContent = weights[at];
      });
      clearTimeout(waiting);
      waiting = setTimeout(() => { status.textContent = news(ranks); }, PAUSE);
    };

    sliders.forEach((slider, at) => {
      slider.addEventListener("input", () => {
        weights[at] = Number(slider.value);
        show();
      });
    });
    root.querySelector("button").addEventListener("click", () => {
      weights = [...agreed];
      sliders.forEach((slider, at) => { slider.value = agreed[at]; });
      show();
    });
    root.querySelectorAll("[hidden]").forEach((each) => { each.hidden = false; });
    root.classList.add("kb-weighing-live");
  };

  const startAll = () => document.querySelectorAll(".kb-weighing").forEach(start);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", startAll);
  else startAll();
})();
