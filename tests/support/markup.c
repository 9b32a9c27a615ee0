/* markup.c: goes through a page from tag to tag. */
#include "support/markup.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 64, MOST_IDS = 4096, NAME_SIZE = 200 };

typedef struct Names {
    char (*at)[NAME_SIZE]; /* [MOST_IDS] */
    size_t count;
} Names;

typedef struct Checker {
    const char *at, *file;
    int line;
    char open[DEEPEST][NAME_SIZE];
    size_t depth;
    Names ids, references;
} Checker;

static void complain(const Checker *c, const char *what)
{
    print_error("%s, before:\n%.200s\n", what, c->at);
    _fail(c->file, c->line);
}

static void expect(const Checker *c, bool good, const char *what)
{
    if (!good)
        complain(c, what);
}

static void add_name(const Checker *c, Names *names, const char *from, size_t length)
{
    expect(c, names->count < MOST_IDS && length < NAME_SIZE, "too many or too long ids");
    snprintf(names->at[names->count++], NAME_SIZE, "%.*s", (int)length, from);
}

static bool has_name(const Names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->at[i], name) == 0)
            return true;
    return false;
}

static void read_name(Checker *c, char name[NAME_SIZE])
{
    size_t length = strcspn(c->at, " \t\n=/>\"'<");
    expect(c, length > 0 && length < NAME_SIZE, "expected a name");
    snprintf(name, NAME_SIZE, "%.*s", (int)length, c->at);
    c->at += length;
}

static void check_entities(Checker *c, const char *from, const char *end)
{
    for (; from < end; from++)
        if (*from == '&') {
            size_t length = 1 + strspn(from + 1, "#abcdefghijklmnopqrstuvwxyz0123456789");
            expect(c, length > 2 && from[length] == ';', "a bare '&'");
        }
}

/* What an attribute may be: an address is a place on the page, and so is all in url(). */
static void check_attribute(Checker *c, const char *name, const char *value, size_t length)
{
    bool is_address = strcmp(name, "href") == 0 || strcmp(name, "src") == 0;
    char copy[NAME_SIZE];
    snprintf(copy, sizeof copy, "%.*s", (int)length, value);
    expect(c, strncmp(name, "on", 2) != 0, "an attribute that runs");
    expect(c, !is_address || value[0] == '#', "an address elsewhere");
    const char *url = strstr(copy, "url(");
    expect(c, !url || url[4] == '#', "a url() elsewhere");
    if (is_address)
        add_name(c, &c->references, value + 1, length - 1);
    if (url)
        add_name(c, &c->references, url + 5, strcspn(url + 5, ")"));
    if (strcmp(name, "id") == 0) {
        expect(c, !has_name(&c->ids, copy), "an id that is there already");
        add_name(c, &c->ids, value, length);
    }
}

static void read_attributes(Checker *c)
{
    char name[NAME_SIZE];
    for (;;) {
        c->at += strspn(c->at, " \t\n");
        if (*c->at == '>' || *c->at == '/')
            return;
        read_name(c, name);
        expect(c, c->at[0] == '=' && c->at[1] == '"', "expected =\"");
        const char *value = c->at + 2, *end = strchr(value, '"');
        expect(c, end && !memchr(value, '<', (size_t)(end - value)), "an open quote");
        check_entities(c, value, end);
        check_attribute(c, name, value, (size_t)(end - value));
        c->at = end + 1;
    }
}

static void read_start_tag(Checker *c)
{
    char name[NAME_SIZE];
    c->at++;
    read_name(c, name);
    expect(c,
           strcmp(name, "script") != 0 && strcmp(name, "link") != 0 &&
               strcmp(name, "iframe") != 0 && strcmp(name, "img") != 0,
           "an element that runs or asks for something");
    read_attributes(c);
    bool is_empty = strcmp(name, "meta") == 0 || strcmp(name, "br") == 0;
    if (*c->at == '/') {
        is_empty = true;
        c->at++;
    }
    expect(c, *c->at == '>', "expected '>'");
    c->at++;
    if (is_empty)
        return;
    expect(c, c->depth < DEEPEST, "too deep");
    strcpy(c->open[c->depth++], name);
}

static void read_end_tag(Checker *c)
{
    char name[NAME_SIZE];
    c->at += 2;
    read_name(c, name);
    expect(c, c->depth > 0 && strcmp(c->open[c->depth - 1], name) == 0, "an end tag elsewhere");
    expect(c, *c->at == '>', "expected '>'");
    c->at++;
    c->depth--;
}

void check_page(const char *html, const char *file, int line)
{
    static const char doctype[] = "<!DOCTYPE html>";
    Checker c = {.at = html, .file = file, .line = line};
    c.ids.at = calloc(MOST_IDS, NAME_SIZE);
    c.references.at = calloc(MOST_IDS, NAME_SIZE);
    assert_true(c.ids.at && c.references.at);
    expect(&c, strncmp(html, doctype, strlen(doctype)) == 0, "expected a doctype");
    c.at += strlen(doctype);
    while (*c.at != '\0') {
        const char *tag = c.at + strcspn(c.at, "<");
        check_entities(&c, c.at, tag);
        c.at = tag;
        if (c.at[0] == '<' && c.at[1] == '/')
            read_end_tag(&c);
        else if (c.at[0] == '<')
            read_start_tag(&c);
    }
    expect(&c, c.depth == 0, "an element without an end");
    expect(&c, !strstr(html, "@import"), "a style sheet elsewhere");
    for (size_t i = 0; i < c.references.count; i++)
        if (!has_name(&c.ids, c.references.at[i]))
            complain(&c, c.references.at[i]);
    free(c.ids.at);
    free(c.references.at);
}

/* One character, or an entity. */
static char next_character(const char **at)
{
    static const struct {
        const char *entity;
        char character;
    } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (strncmp(*at, entities[i].entity, strlen(entities[i].entity)) == 0) {
            *at += strlen(entities[i].entity);
            return entities[i].character;
        }
    return *(*at)++;
}

/* Of the tag <tag> or <tag ...>. */
static const char *find_tag(const char *from, const char *tag)
{
    for (from = strchr(from, '<'); from; from = strchr(from + 1, '<')) {
        size_t length = strlen(tag);
        if (strncmp(from + 1, tag, length) == 0 && strchr(" >\n", from[1 + length]))
            return from;
    }
    return NULL;
}

const char *markup_text(const char *from, const char *tag, char *text, size_t size)
{
    char end[NAME_SIZE];
    size_t length = 0;
    snprintf(end, sizeof end, "</%s>", tag);
    const char *at = find_tag(from, tag);
    const char *last = at ? strstr(at, end) : NULL;
    if (!last)
        fail_msg("no <%s> in: %.300s", tag, from);
    while (at < last)
        if (*at == '<') {
            at = strchr(at, '>') + 1;
        } else {
            char c = next_character(&at);
            if (length + 1 < size)
                text[length++] = c;
        }
    text[length] = '\0';
    return last + strlen(end);
}

size_t count_pieces(const char *text, const char *piece)
{
    size_t n = 0;
    while ((text = strstr(text, piece))) {
        text += strlen(piece);
        n++;
    }
    return n;
}
