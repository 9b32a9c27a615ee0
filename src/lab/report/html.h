/* html.h: text as part of a page of HTML.
 *
 * What comes from outside (names, paths, what a model wrote) may hold any bytes. These functions
 * make of it what a browser shows as it is, whatever it looks like: between tags, and in the value
 * of an attribute in double quotes. The page's own tags are appended by those of text.h.
 */
#ifndef LAB_REPORT_HTML_H
#define LAB_REPORT_HTML_H

#include "base/text.h"

/* Appends a text: & < > " ' as entities; U+FFFD for a byte that is not UTF-8, and for a control
 * character other than tab and line break. */
void html_append(TextBuffer *out, const char *text, size_t length);

/* printf, the whole of its result as text. */
void html_append_format(TextBuffer *out, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
