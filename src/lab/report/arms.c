/* arms.c: the table of arms, in the order of their mean losses. */
#include "lab/report/columns.h"

static bool is_shown(const Column *column, const Findings *findings)
{
    return !column->has || column->has(findings);
}

static void append_head(TextBuffer *out, const Findings *findings)
{
    text_append_format(out, "<thead><tr><th scope=\"col\">Arm</th>");
    for (size_t c = 0; c < report_column_count; c++) {
        const Column *column = &report_columns[c];
        if (!is_shown(column, findings))
            continue;
        text_append_format(out, "<th scope=\"col\">%s <small>%s", column->title,
                           column->unit ? column->unit : "");
        if (column->detail)
            column->detail(out, findings);
        text_append_format(out, "</small></th>");
    }
    text_append_format(out, "</tr></thead>\n");
}

/* On a narrow screen a row is a card, where each cell has its column's title beside it. */
static void append_row(TextBuffer *out, const Findings *findings, size_t arm)
{
    text_append_format(out, "<tr><th scope=\"row\">");
    page_arm(out, findings, arm);
    text_append_format(out, "</th>");
    for (size_t c = 0; c < report_column_count; c++) {
        const Column *column = &report_columns[c];
        if (!is_shown(column, findings))
            continue;
        text_append_format(out, "<td data-title=\"%s\"><div>", column->title);
        column->cell(out, findings, arm);
        text_append_format(out, "</div></td>");
    }
    text_append_format(out, "</tr>\n");
}

static void append_explanations(TextBuffer *out, const Findings *findings)
{
    text_append_format(out, "<dl class=\"columns\"><dt>Arm</dt><dd>what is compared: a positional "
                            "scheme with its settings.</dd>\n");
    for (size_t c = 0; c < report_column_count; c++) {
        const Column *column = &report_columns[c];
        if (is_shown(column, findings))
            text_append_format(out, "<dt>%s</dt><dd>%s</dd>\n", column->title, column->explanation);
    }
    text_append_format(out, "</dl>\n");
}

void report_arms(TextBuffer *out, const Findings *findings)
{
    text_append_format(out, "<section id=\"arms\"><h2>Side by side</h2>\n");
    page_table(out, "arms stack", "The arms, lowest loss first");
    append_head(out, findings);
    text_append_format(out, "<tbody>\n");
    for (size_t i = 0; i < findings->experiment->n_arms; i++)
        append_row(out, findings, findings->order[i]);
    text_append_format(out, "</tbody></table></div>\n");
    append_explanations(out, findings);
    text_append_format(out, "</section>\n");
}
