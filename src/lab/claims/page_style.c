/* page_style.c: the look of the page of claims, behind the rules of report/style.c.
 *
 * A verdict is a word in a colour with a mark before it, so that nothing is told by colour alone.
 * The four colours have a contrast of 4.5 and more: to white, and those of dark pages to dark.
 */
#include "lab/claims/page_parts.h"

/* clang-format off */
static const char *const rules[] = {
    ":root { --holds: #1b7a34; --partly: #8a5a00; --fails: #b3261e; --unknown: #5f6368; }",
    "@media screen and (prefers-color-scheme: dark) {",
    "  :root { --holds: #6fd08c; --partly: #f0b95a; --fails: #ff8a80; --unknown: #b0b6bc; } }",

    ".front h1 { font-size: clamp(1.5rem, 1.1rem + 1.4vw, 2.4rem); color: var(--ink); }",
    ".verdict { font-weight: 650; white-space: nowrap; }",
    ".verdict::before { margin-right: 0.35em; }",
    ".holds { color: var(--holds); } .holds::before { content: \"\\2713\"; }",
    ".partly { color: var(--partly); } .partly::before { content: \"\\25D0\"; }",
    ".fails { color: var(--fails); } .fails::before { content: \"\\2717\"; }",
    ".unknown { color: var(--unknown); } .unknown::before { content: \"?\"; }",

    ".verdicts th, .verdicts td { white-space: normal; text-align: left; line-height: 1.3; }",
    ".verdicts tbody th { font-weight: 400; min-width: 16rem; max-width: 36rem;",
    "  padding-left: 2.1em; text-indent: -2.1em; }",
    ".verdicts td { min-width: 12rem; }",
    ".verdicts a { text-decoration-color: var(--grid); text-underline-offset: 0.2em; }",
    ".verdicts b { display: inline-block; min-width: 2.1em; text-indent: 0; color: var(--quiet); }",
    ".verdicts td small { display: block; margin-top: 0.15rem; }",

    ".claim { margin-top: 3.5rem; border-top: 1px solid var(--grid); }",
    ".claim h2 { margin: 1.5rem 0 0.8rem; max-width: 32em; line-height: 1.3; }",
    ".claim h2 span { color: var(--quiet); font-weight: 400; margin-right: 0.3em; }",
    ".question { border-left: 4px solid var(--partly); padding: 0.1rem 0 0.1rem 0.9rem;",
    "  font-size: 1.15em; line-height: 1.4; }",
    ".question b { display: block; font-size: 0.75em; color: var(--quiet); }",
    ".result { margin: 1.2rem 0; }",
    ".result > summary { display: inline-block; font-weight: 600;",
    "  color: var(--ink); border: 1px solid var(--grid); border-radius: 0.4rem;",
    "  padding: 0.45rem 0.9rem; background: var(--shade); }",
    ".result > summary::before { content: \"\\25B8\"; margin-right: 0.5em; }",
    ".result[open] > summary::before { content: \"\\25BE\"; }",
    ".result > summary:focus-visible { outline: 2px solid var(--quiet); }",
    ".outcome { font-size: 1.25em; line-height: 1.35; margin-top: 1rem; }",
    ".outcome .verdict { white-space: normal; }",
    ".deciding { font-variant-numeric: tabular-nums; }",
    ".answer, .views { width: auto; min-width: 0; }",
    ".answer td, .answer th { white-space: normal; max-width: 22rem; }",
    ".views td { text-align: left; white-space: normal; min-width: 9rem; }",
    ".claim figure { max-width: 60rem; margin: 1.2rem 0; }",
    ".claim h3 { margin: 1.2rem 0 0.4rem; }",
    ".claim ol { max-width: 75ch; margin: 0.4rem 0; padding-left: 1.4em; }",
    ".claim .facts { border: 0; padding: 0; margin: 0.1rem 0 0; font-size: 0.92em; }",

    "@media screen and (max-width: 700px) {",
    "  .claim h2 { font-size: 1.25rem; }",
    "  .verdicts.stack td { display: block; min-width: 0; }",
    "  .verdicts.stack td::before { display: none; }",
    "  .verdicts.stack tbody th { font-size: 1em; min-width: 0; padding-left: 2.1em; } }",

    "@media print {",
    "  @page { size: portrait; margin: 11mm; }",
    "  :root { font-size: 9pt; }",
    "  .result > summary { display: none; }",
    "  .claim { break-before: page; margin-top: 0; border: 0; }",
    "  .claim h2 { margin-top: 0; }",
    "  .claim figure { max-width: 108mm; margin: 0.6rem 0; }",
    "  .verdicts { font-size: 8.5pt; }",
    "  .verdicts tbody th, .verdicts td { min-width: 0; }",
    "  .verdict, .question { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }",
};
/* clang-format on */

void claims_style(TextBuffer *out)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        text_append_format(out, "%s\n", rules[i]);
}
