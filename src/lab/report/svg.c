/* svg.c: goes through the picture once, from tag to tag. */
#include "lab/report/svg.h"

#include <stdio.h>
#include <string.h>

#include "lab/report/greys.h"
#include "lab/report/html.h"

typedef struct Piece {
    const char *at;
    size_t length;
} Piece;

typedef struct Picture {
    const char *at, *end; /* what is left to read */
    TextBuffer *out;
    const char *prefix;
} Picture;

typedef struct Attribute {
    Piece name, value; /* the value without its quotes, its entities as they are */
} Attribute;

static bool is(Piece piece, const char *text)
{
    return piece.length == strlen(text) && memcmp(piece.at, text, piece.length) == 0;
}

static bool begins(const char *at, const char *end, const char *text)
{
    size_t length = strlen(text);
    return (size_t)(end - at) >= length && memcmp(at, text, length) == 0;
}

/* The first place from `at` on where the text stands; NULL: nowhere. */
static const char *find(const char *at, const char *end, const char *text)
{
    for (; at < end; at++)
        if (begins(at, end, text))
            return at;
    return NULL;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_spaces(Picture *p)
{
    while (p->at < p->end && is_space(*p->at))
        p->at++;
}

static Piece read_name(Picture *p)
{
    const char *from = p->at;
    while (p->at < p->end && !is_space(*p->at) && !strchr("=/<>\"'", *p->at))
        p->at++;
    return (Piece){from, (size_t)(p->at - from)};
}

/* --- attributes --- */

/* The next one of a tag; false at the tag's end, and where none can be read. */
static bool read_attribute(Picture *p, Attribute *attribute)
{
    skip_spaces(p);
    attribute->name = read_name(p);
    skip_spaces(p);
    if (attribute->name.length == 0 || p->at == p->end || *p->at != '=')
        return false;
    p->at++;
    skip_spaces(p);
    if (p->at == p->end || (*p->at != '"' && *p->at != '\''))
        return false;
    const char *from = p->at + 1, *to = memchr(from, *p->at, (size_t)(p->end - from));
    if (!to)
        return false;
    attribute->value = (Piece){from, (size_t)(to - from)};
    p->at = to + 1;
    return true;
}

/* The variable of the page's style for one of the scripts' greys; NULL: another colour, or none.
 * gnuplot writes #222222 as "rgb(34,34,34)", "rgb( 34,  34,  34)" or "#222222". */
static const char *grey_variable(Piece value)
{
    char text[32];
    unsigned r, g, b, rgb = 1;
    if (value.length >= sizeof text)
        return NULL;
    memcpy(text, value.at, value.length);
    text[value.length] = '\0';
    if (sscanf(text, "rgb(%3u ,%3u ,%3u", &r, &g, &b) == 3)
        rgb = r << 16 | g << 8 | b;
    else if (is(value, "black"))
        rgb = 0;
    else if (is(value, "white"))
        rgb = 0xffffff;
    else if (value.length != 7 || sscanf(text, "#%6x", &rgb) != 1)
        return NULL;
    for (size_t i = 0; i < N_GREYS; i++)
        if (greys[i].rgb == rgb)
            return greys[i].variable;
    return NULL;
}

/* A value as it is, but for what would end it, and with the prefix in each "url(#". */
static void append_value(Picture *p, Piece value)
{
    for (size_t i = 0; i < value.length; i++) {
        if (value.at[i] == '"')
            text_append_format(p->out, "&quot;");
        else
            text_append(p->out, value.at + i, 1);
        if (value.at[i] == '#' && i >= 4 && memcmp(value.at + i - 4, "url(", 4) == 0)
            text_append_format(p->out, "%s-", p->prefix);
    }
}

/* Something that could run, or ask for a file: on..., a link or a url() that leads outside. */
static bool is_dangerous(const Attribute *attribute)
{
    const char *at = attribute->value.at, *end = at + attribute->value.length;
    if (begins(attribute->name.at, attribute->name.at + attribute->name.length, "on"))
        return true;
    while ((at = find(at, end, "url("))) {
        at += strlen("url(");
        if (at == end || *at != '#')
            return true;
    }
    return false;
}

static void append_attribute(Picture *p, const Attribute *attribute)
{
    Piece name = attribute->name, value = attribute->value;
    const char *grey = grey_variable(value);
    if (begins(name.at, name.at + name.length, "xmlns") || is_dangerous(attribute))
        return;
    if (is(name, "id")) {
        text_append_format(p->out, " id=\"%s-", p->prefix);
        append_value(p, value);
    } else if (is(name, "href") || is(name, "xlink:href")) {
        if (value.length == 0 || value.at[0] != '#')
            return;
        text_append_format(p->out, " href=\"#%s-", p->prefix);
        append_value(p, (Piece){value.at + 1, value.length - 1});
    } else {
        text_append_format(p->out, " %.*s=\"", (int)name.length, name.at);
        if (grey)
            text_append_format(p->out, "var(--%s)", grey);
        else
            append_value(p, value);
    }
    text_append_format(p->out, "\"");
}

/* --- tags --- */

/* The elements that are taken over. */
static bool is_drawing(Piece name)
{
    static const char *const names[] = {
        "g",       "path",   "rect",    "circle",      "ellipse",  "line",   "polyline",
        "polygon", "text",   "tspan",   "defs",        "use",      "symbol", "mask",
        "pattern", "filter", "feFlood", "feComposite", "clipPath", "stop",   "linearGradient",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is(name, names[i]))
            return true;
    return false;
}

/* Moves on to behind the next `mark`. */
static bool skip_past(Picture *p, const char *mark)
{
    const char *at = find(p->at, p->end, mark);
    p->at = at ? at + strlen(mark) : p->end;
    return at != NULL;
}

/* Passes over what is left of an element that is not, up to the end of its end tag. */
static bool skip_element(Picture *p, Piece name)
{
    if (!skip_past(p, ">"))
        return false;
    bool ended = p->at[-2] == '/';
    while (!ended && skip_past(p, "</")) {
        Piece other = read_name(p);
        ended = other.length == name.length && memcmp(other.at, name.at, name.length) == 0 &&
                skip_past(p, ">");
    }
    return ended;
}

/* From behind the '<' of a start tag, to its end. *depth counts the elements that are open. */
static bool copy_start_tag(Picture *p, size_t *depth)
{
    Attribute attribute;
    Piece name = read_name(p);
    if (!is_drawing(name))
        return skip_element(p, name);
    text_append_format(p->out, "<%.*s", (int)name.length, name.at);
    while (read_attribute(p, &attribute))
        append_attribute(p, &attribute);
    if (begins(p->at, p->end, "/>")) {
        text_append_format(p->out, "/>");
        p->at += strlen("/>");
        return true;
    }
    if (p->at == p->end || *p->at != '>')
        return false;
    text_append_format(p->out, ">");
    p->at++;
    ++*depth;
    return true;
}

/* From behind its "</". */
static bool copy_end_tag(Picture *p, size_t *depth)
{
    Piece name = read_name(p);
    skip_spaces(p);
    if (p->at == p->end || *p->at != '>' || !(is_drawing(name) || is(name, "svg")))
        return false;
    text_append_format(p->out, "</%.*s>", (int)name.length, name.at);
    p->at++;
    --*depth;
    return true;
}

/* All that is inside of the outermost element, and its end tag. */
static bool copy_inside(Picture *p)
{
    bool ok = true;
    for (size_t depth = 1; ok && depth > 0;) {
        const char *tag = find(p->at, p->end, "<");
        if (!tag)
            return false;
        text_append(p->out, p->at, (size_t)(tag - p->at));
        p->at = tag + 1;
        if (begins(p->at, p->end, "!--"))
            ok = skip_past(p, "-->");
        else if (begins(p->at, p->end, "/") && skip_past(p, "/"))
            ok = copy_end_tag(p, &depth);
        else
            ok = copy_start_tag(p, &depth);
    }
    return ok;
}

/* The tag <svg ...>, of which the page takes the coordinates alone. */
static bool copy_outermost(Picture *p, const char *label)
{
    Attribute attribute;
    bool has_box = false;
    p->at = find(p->at, p->end, "<svg");
    if (!p->at)
        return false;
    p->at += strlen("<svg");
    text_append_format(p->out, "<svg role=\"img\" aria-label=\"");
    html_append_format(p->out, "%s", label);
    text_append_format(p->out, "\"");
    while (read_attribute(p, &attribute))
        if (is(attribute.name, "viewBox")) {
            has_box = true;
            append_attribute(p, &attribute);
        }
    if (!has_box || p->at == p->end || *p->at != '>')
        return false;
    p->at++;
    text_append_format(p->out, ">");
    return true;
}

bool svg_inline(TextBuffer *out, const char *svg, size_t length, const char *prefix,
                const char *label)
{
    TextBuffer copy = {0};
    Picture picture = {svg, svg + length, &copy, prefix};
    bool ok = copy_outermost(&picture, label) && copy_inside(&picture);
    if (ok)
        text_append(out, copy.bytes, copy.length);
    out->failed = out->failed || copy.failed;
    text_buffer_free(&copy);
    return ok;
}
