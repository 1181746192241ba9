// The headlines: computed, and no more than the numbers bear out. Pure functions of what was counted.

// A year or publisher with fewer articles says little; fewer paragraphs do not tell how a theme is put.
const FEW_ARTICLES = 5;
const FEW_PARAGRAPHS = 5;
// A difference between mean shares smaller than three points is not worth a headline.
const NOTABLE = 0.03;

/** Which themes take most room; `themes` as {label, paragraphs, attention, framings}, most spoken of first. */
const attentionFinding = (themes) => {
  const [first, second] = themes.filter((theme) => theme.paragraphs);
  if (!first) return "No theme has been found";
  const then = second ? `, then ${within(second.label)}, ${percent(second.attention)}` : "";
  return `${first.label} takes most room: ${percent(first.attention)} of an article’s paragraphs${then}`;
};

/** The theme that changed most between the first and the last year with enough articles, or null. */
const trendFinding = (themes, years) => {
  const sure = years.filter((year) => year.articles >= FEW_ARTICLES);
  if (sure.length < 2) return null;
  const [first, last] = [sure[0].year, sure.at(-1).year];
  const moves = themes.map((theme) => [theme.byYear.get(last) - theme.byYear.get(first), theme]);
  if (!moves.length) return null;
  const [move, theme] = moves.reduce((best, one) => (Math.abs(one[0]) > Math.abs(best[0]) ? one : best));
  if (Math.abs(move) < NOTABLE) return null;
  const [before, after] = [first, last].map((year) => percent(theme.byYear.get(year)));
  return `${theme.label} ${move > 0 ? "gained" : "lost"} most: ${before} in ${first}, ${after} in ${last}.`;
};

/** Who departs furthest from the rest, and in what; `groups` as {name, articles, attention by theme}. */
const groupFinding = (themes, groups, what) => {
  if (!groups.length) return `No ${what} is known`;
  const sure = groups.filter((group) => group.articles >= FEW_ARTICLES);
  if (!sure.length) return `What each ${what} gives room to`;
  let best = null;
  for (const group of sure) {
    themes.forEach((theme, place) => {
      const lead = group.attention[place] - theme.attention;
      if (!best || lead > best.lead) best = { lead, group, theme, share: group.attention[place] };
    });
  }
  if (!best || best.lead < NOTABLE) return `All ${what}s give the themes much the same room`;
  return (
    `${plain(best.group.name, 80)} stands out on ${within(best.theme.label)}: ${percent(best.share)} of ` +
    `its paragraphs, ${percent(best.theme.attention)} over all`
  );
};

/** Which theme is put most as a problem, and which most as a benefit; framings as [problem, proposal, context, benefit]. */
const framingFinding = (themes) => {
  const enough = themes.filter((theme) => theme.paragraphs >= FEW_PARAGRAPHS);
  if (!enough.length) return "Too little is written to tell how themes are put";
  const most = (framing) => enough.reduce((best, one) =>
    one.framings[framing] / one.paragraphs > best.framings[framing] / best.paragraphs ? one : best);
  const [worst, best] = [most(0), most(3)];
  const parts = [];
  if (worst.framings[0]) {
    parts.push(`${worst.label} is most often put as a problem (${percent(worst.framings[0] / worst.paragraphs)})`);
  }
  if (best.framings[3] && best !== worst) {
    const label = parts.length ? within(best.label) : `${best.label} is most often put`;
    parts.push(`${label} as a benefit (${percent(best.framings[3] / best.paragraphs)})`);
  }
  return parts.join(", ") || "Themes are described without judgement";
};

/** How many figures there are, and on how many subjects they contradict each other. */
const figuresFinding = (figures, articles, conflicts) => {
  if (!figures) return "No figure has been stated";
  if (conflicts) return `${counted(figures, "figure")}, which contradict each other on ${counted(conflicts, "subject")}`;
  return `${counted(figures, "figure")} in ${counted(articles, "article")}`;
};
