/* style.c: the look of the page.
 *
 * All colours but those of the arms are six variables, once for light and once for dark; a printed
 * page is light. Sizes follow the width of the window, so that the same page is read on a phone
 * and from the back of a classroom. A table that is wider than the window moves in a frame of its
 * own; that of the arms becomes a card for each arm on a phone.
 */
#include "lab/report/parts.h"

/* clang-format off */
static const char *const rules[] = {
    ":root { --paper: #ffffff; --ink: #222222; --quiet: #666666; --grid: #e2e2e2;",
    "  --shade: #f2f2f2; --warn: #b8450b; color-scheme: light;",
    "  font: clamp(15px, 12.6px + 0.48vw, 22px)/1.5 system-ui, sans-serif; }",
    "@media screen and (prefers-color-scheme: dark) {",
    "  :root { --paper: #15181c; --ink: #e9e7e2; --quiet: #a2a8af; --grid: #353a41;",
    "    --shade: #20252b; --warn: #f0a05a; color-scheme: dark; } }",

    "* { box-sizing: border-box; }",
    "body { margin: 0 auto; padding: 1rem clamp(1rem, 3vw, 4rem) 3rem; max-width: 96rem;",
    "  background: var(--paper); color: var(--ink); overflow-wrap: break-word; }",
    "p, dl, ul { max-width: 75ch; margin: 0.6rem 0; }",
    "h1, h2, h3 { line-height: 1.2; text-wrap: balance; }",
    "h1 { margin: 0; font-size: 1rem; font-weight: 600; color: var(--quiet); }",
    "h2 { margin: 3.5rem 0 1rem; font-size: 1.5rem; }",
    "h3 { margin: 0 0 0.5rem; font-size: 1rem; }",
    "small { font-size: 0.8em; color: var(--quiet); font-weight: 400; }",
    "code, pre { font-family: ui-monospace, monospace; font-size: 0.88em; }",
    "pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }",
    "code.long { overflow-wrap: anywhere; }",
    "code.command { display: block; overflow-x: auto; white-space: pre; padding: 0.5rem 0.8rem;",
    "  background: var(--shade); border-radius: 0.4rem; }",
    "summary { cursor: pointer; color: var(--quiet); }",
    "a { color: inherit; }",
    "footer, .missing { color: var(--quiet); }",

    "header { display: grid; gap: 1rem 2.5rem; }",
    "header > * { min-width: 0; }",
    "@media (min-width: 1000px) {",
    "  header { grid-template-columns: 5fr 7fr; align-items: start; }",
    "  .words { padding-top: 1rem; } }",
    ".headline { font-size: clamp(1.25rem, 0.9rem + 1.1vw, 2rem); line-height: 1.25;",
    "  font-weight: 650; margin: 0.6rem 0 1rem; }",
    ".headline.long { font-size: 1.2rem; }",
    ".caveats, .gone { list-style: none; padding: 0; }",
    ".caveats li { border-left: 3px solid var(--grid); padding-left: 0.7rem; margin: 0.35rem 0;",
    "  line-height: 1.35; }",
    ".runs { margin: 0.8rem 0 0; }",
    ".gone li { color: var(--quiet); }",
    ".warning { border-left: 3px solid var(--warn); padding-left: 0.7rem; }",
    ".warning b { color: var(--warn); }",
    ".facts { display: flex; flex-wrap: wrap; gap: 0.3rem 1.6rem; list-style: none;",
    "  max-width: none; padding: 0.6rem 0; margin: 1rem 0 0; color: var(--quiet);",
    "  border: solid var(--grid); border-width: 1px 0; }",
    ".facts b { color: var(--ink); }",

    "figure { margin: 0; }",
    "section > figure { max-width: 52rem; margin-bottom: 1.5rem; }",
    ".figures { display: grid; gap: 1.5rem 2.5rem; margin: 1rem 0;",
    "  grid-template-columns: repeat(auto-fit, minmax(min(100%, 36rem), 1fr)); }",
    ".figures > * { min-width: 0; }",
    "figure svg { display: block; width: 100%; min-width: 34rem; height: auto; }",
    "figure svg > g > rect:first-child { fill: none; }", /* the picture's own paper */
    "figcaption { color: var(--quiet); font-size: 0.88em; max-width: 75ch; margin-top: 0.4rem; }",

    /* shadows at the sides where a frame has more to show */
    ".scroll { overflow-x: auto; background:",
    "  linear-gradient(90deg, var(--paper) 30%, transparent) -1px 0 / 2.5rem 100% local,",
    "  linear-gradient(270deg, var(--paper) 30%, transparent) calc(100% + 1px) 0 / 2.5rem 100%",
    "    local,",
    "  linear-gradient(90deg, var(--grid), transparent) 0 0 / 0.9rem 100%,",
    "  linear-gradient(270deg, var(--grid), transparent) 100% 0 / 0.9rem 100%;",
    "  background-repeat: no-repeat; }",
    ".scroll:focus-visible { outline: 2px solid var(--quiet); }",

    "table { border-collapse: collapse; font-size: 0.88em; font-variant-numeric: tabular-nums;",
    "  min-width: 100%; }",
    "th, td { padding: 0.45rem 0.7rem; text-align: right; vertical-align: top;",
    "  border-bottom: 1px solid var(--grid); white-space: nowrap; }",
    "thead th { vertical-align: bottom; white-space: normal; line-height: 1.25; }",
    "th:first-child { text-align: left; position: sticky; left: 0; padding-left: 0;",
    "  background: var(--paper); font-weight: 600; }",
    "td > div > small, td > small, th > small { display: block; }",
    "td strong { font-weight: 700; }",
    ".left, .setup th, .setup td { text-align: left; }",
    ".setup td { white-space: normal; min-width: 10rem; }",
    ".contexts small.plain { display: inline; margin-left: 0.4em; }",
    ".contexts .trained { background: var(--shade); }",
    ".refused { color: var(--quiet); font-style: italic; }",
    ".arm i { display: inline-block; width: 0.8em; height: 0.8em; border-radius: 0.2em;",
    "  margin-right: 0.45em; vertical-align: -0.05em; print-color-adjust: exact;",
    "  -webkit-print-color-adjust: exact; }",

    "dl.columns { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1.2rem;",
    "  font-size: 0.88em; max-width: 60rem; }",
    "dl.columns dt { font-weight: 600; }",
    "dl.columns dd { margin: 0; min-width: 0; }",
    "dl.columns ul { margin: 0; padding-left: 1.1em; }",

    ".cards { display: grid; gap: 1rem;",
    "  grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); }",
    ".cards article { background: var(--shade); border-radius: 0.4rem; padding: 0.8rem 1rem; }",
    "details { margin: 1rem 0; }",
    "details pre { background: var(--shade); border-radius: 0.4rem; padding: 0.8rem 1rem;",
    "  margin-top: 0.5rem; }",

    "@media screen and (max-width: 700px) {",
    "  h2 { margin-top: 2.5rem; }",
    "  dl.columns { display: block; }",
    "  dl.columns dt { margin-top: 0.5rem; }",
    "  .stack, .stack tbody, .stack tr, .stack td { display: block; }",
    "  .stack thead { display: none; }",
    "  .stack tr { border: 1px solid var(--grid); border-radius: 0.4rem; padding: 0.6rem 0.8rem;",
    "    margin-bottom: 0.8rem; }",
    "  .stack th, .stack td { border: 0; padding: 0.15rem 0; }",
    "  .stack th { font-size: 1.15em; }",
    "  .stack td { display: flex; justify-content: space-between; gap: 1rem; }",
    "  .stack td::before { content: attr(data-title); color: var(--quiet); white-space: nowrap; }",
    "  .setup td { text-align: right; } }",

    "@media print {",
    "  @page { size: landscape; margin: 12mm; }",
    "  :root { font-size: 10pt; }",
    "  body { padding: 0; max-width: none; }",
    "  h2 { margin-top: 1.5rem; break-after: avoid; }",
    "  .scroll { overflow: visible; background: none; }",
    "  table { font-size: 7pt; }",
    "  th, td { padding: 0.3em 0.5em; }",
    "  th:first-child { position: static; }",
    "  header { grid-template-columns: 2fr 3fr; }",
    "  .figures { grid-template-columns: 1fr 1fr; }",
    "  figure svg { min-width: 0; }",
    "  section > figure { max-width: 140mm; }",
    "  table, tr, figure, article, li, dd { break-inside: avoid; }",
    "  code.command { white-space: pre-wrap; }",
    "  summary { display: none; }",
    "  details::details-content { content-visibility: visible; block-size: auto; } }",
};
/* clang-format on */

void report_style(TextBuffer *out)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        text_append_format(out, "%s\n", rules[i]);
}
