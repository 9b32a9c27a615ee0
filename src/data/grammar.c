/* grammar.c: reads a grammar: from characters to rules, alternatives and items.
 *
 * The reader looks at one character at a time and never goes back (recursive descent): a function
 * for each thing that grammar.h describes. Names are only noted here; what they stand for is found
 * when all rules are known, in grammar_names.c. */
#include "data/grammar.h"

#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "base/utf8.h"
#include "data/grammar_check.h"
#include "data/grammar_source.h"

enum { MAX_GRAMMAR_BYTES = 1 << 20 };
static const double largest_weight = 1e6; /* and the smallest is 1 / 1e6 */

/* --- names and numbers --- */

/* The number of a name that choices are kept under: an old one, or a new one. */
static bool find_kept_name(Source *source, const char *text, size_t *number)
{
    Grammar *grammar = source->grammar;
    for (*number = 0; *number < grammar->n_names; ++*number)
        if (strcmp(grammar->names[*number].text, text) == 0)
            return true;
    if (grammar->n_names == MAX_NAMES) {
        fail_request(source->error, "%s: expected at most %d different names for choices", text,
                     MAX_NAMES);
        return source_fail_here(source);
    }
    grammar->names[grammar->n_names++] = (KeptName){.text = text};
    return true;
}

/* .2 */
static bool read_form(Source *source, Item *item)
{
    const char *digit = source->at + 1;
    if (*digit < '1' || *digit > '0' + MAX_FORMS || (digit[1] >= '0' && digit[1] <= '9'))
        return source_fail_expected(source, "the number of a form, from 1 to 8, as in verb.2");
    item->form = (size_t)(*digit - '1');
    source->at += 2;
    return true;
}

/* !who */
static bool read_difference(Source *source, Item *item)
{
    const char *text;
    size_t name;
    source->at++;
    if (!source_read_name(source, "the name of a choice behind '!'", &text) ||
        !find_kept_name(source, text, &name))
        return false;
    item->kind = ITEM_DRAW;
    item->other_than |= (NameSet)1 << name;
    return true;
}

/* noun, who:noun, whom:noun.2!who. A name alone may be a rule or a choice; it is resolved
 * later. */
static bool read_reference(Source *source, Item *item)
{
    item->kind = ITEM_AGAIN;
    item->name = NO_NAME;
    if (!source_read_name(source, "a text or a name", &item->word))
        return false;
    if (*source->at == ':') {
        source->at++;
        if (!find_kept_name(source, item->word, &item->name) ||
            !source_read_name(source, "the name of a rule behind ':'", &item->word))
            return false;
        item->kind = ITEM_DRAW;
    }
    if (*source->at == '.' && !read_form(source, item))
        return false;
    while (*source->at == '!')
        if (!read_difference(source, item))
            return false;
    return true;
}

/* --- texts --- */

/* One character of a text, with what stands for it behind a backslash. */
static bool read_character(Source *source, uint32_t *character)
{
    static const char letters[] = "\"\\nt", meanings[] = "\"\\\n\t";
    if (*source->at == '\\') {
        const char *letter = source->at[1] != '\0' ? strchr(letters, source->at[1]) : NULL;
        if (letter == NULL)
            return source_fail_expected(source, "\\\" \\\\ \\n or \\t");
        *character = (uint32_t)meanings[letter - letters];
        source->at += 2;
        return true;
    }
    size_t bytes = utf8_decode(source->at, strnlen(source->at, UTF8_MAX_BYTES), character);
    if (bytes == 0) {
        fail_request(source->error, "byte 0x%02X: expected UTF-8",
                     (unsigned)(unsigned char)*source->at);
        return source_fail_here(source);
    }
    source->at += bytes;
    return true;
}

/* How many bytes there are up to the quote that closes a text: at least one per character. */
static size_t bytes_to_quote(const char *at)
{
    size_t bytes = 0;
    while (at[bytes] != '"' && at[bytes] != '\n' && at[bytes] != '\0')
        bytes += at[bytes] == '\\' && at[bytes + 1] != '\0' ? 2 : 1;
    return bytes;
}

/* "text" */
static bool read_text(Source *source, Item *item)
{
    source->at++;
    uint32_t *characters =
        arena_alloc_raw(source->arena, bytes_to_quote(source->at), sizeof *characters);
    if (characters == NULL)
        return source_fail_memory(source);
    *item =
        (Item){.kind = ITEM_TEXT, .line = item->line, .characters = characters, .name = NO_NAME};
    while (*source->at != '"') {
        if (*source->at == '\n' || *source->at == '\0')
            return source_fail_expected(source, "a closing '\"'; a line break in a text is \\n");
        if (!read_character(source, &characters[item->length++]))
            return false;
    }
    source->at++;
    return true;
}

/* --- alternatives and rules --- */

/* [3] */
static bool read_weight(Source *source, Alternative *alternative)
{
    const char *opening = source->at + 1;
    size_t length = strcspn(opening, "]\n");
    if (opening[length] != ']')
        return source_fail_expected(source, "a weight such as [3], closed by ']'");
    const char *number = arena_text(source->arena, opening, length);
    if (number == NULL)
        return source_fail_memory(source);
    double *weight = &alternative->weight;
    if (!text_to_real(number, weight) || !(*weight >= 1 / largest_weight) ||
        *weight > largest_weight)
        return source_fail_expected(source, "a weight above 0, from [1e-6] to [1e6]");
    source->at = opening + length + 1;
    return true;
}

/* The items up to '/', '[', '|' or the end of the rule. */
static bool read_row(Source *source, Item **first)
{
    Item **end = first;
    for (source_skip_blanks(source); !source_is_end_of_rule(source); source_skip_blanks(source)) {
        if (strchr("/[|", *source->at) != NULL)
            break;
        Item *item = *end = arena_alloc(source->arena, 1, sizeof **end);
        if (item == NULL)
            return source_fail_memory(source);
        item->line = source->line;
        if (!(*source->at == '"' ? read_text(source, item) : read_reference(source, item)))
            return false;
        end = &item->next;
    }
    return *first != NULL || source_fail_expected(source, "a text (\"\" to say nothing) or a name");
}

static bool read_alternative(Source *source, Alternative *alternative)
{
    source_skip_blanks(source);
    *alternative = (Alternative){.line = source->line, .weight = 1};
    do {
        if (alternative->n_forms == MAX_FORMS)
            return source_fail_expected(source, "at most 8 forms");
        source->at += alternative->n_forms > 0; /* the '/' */
        if (!read_row(source, &alternative->forms[alternative->n_forms++]))
            return false;
    } while (!source_is_end_of_rule(source) && *source->at == '/');
    if (!source_is_end_of_rule(source) && *source->at == '[' && !read_weight(source, alternative))
        return false;
    source_skip_blanks(source);
    return source_is_end_of_rule(source) || *source->at == '|' ||
           source_fail_expected(source,
                                "'|' before another alternative, or a new rule in column 1");
}

static bool read_rule(Source *source, Rule *rule)
{
    rule->line = source->line;
    if (source->grammar->n_rules++ == MAX_RULES)
        return source_fail_expected(source, "at most 1000 rules");
    if (!source_is_end_of_rule(source))
        return source_fail_expected(source, "a rule that begins in column 1");
    if (!source_read_name(source, "a rule such as: noun = \"man\" | \"dog\"", &rule->name))
        return false;
    source_skip_blanks(source);
    if (*source->at != '=')
        return source_fail_expected(source, "'=' behind the name of a rule");
    Alternative **end = &rule->alternatives;
    do {
        source->at++; /* the '=' or '|' */
        *end = arena_alloc(source->arena, 1, sizeof **end);
        if (*end == NULL)
            return source_fail_memory(source);
        if (!read_alternative(source, *end))
            return false;
        end = &(*end)->next;
    } while (!source_is_end_of_rule(source));
    return true;
}

static bool read_rules(Source *source)
{
    Rule **end = &source->grammar->rules;
    for (source_skip_blanks(source); *source->at != '\0'; source_skip_blanks(source)) {
        *end = arena_alloc(source->arena, 1, sizeof **end);
        if (*end == NULL)
            return source_fail_memory(source);
        if (!read_rule(source, *end))
            return false;
        end = &(*end)->next;
    }
    return true;
}

bool grammar_parse(Arena *arena, const char *name, const char *text, size_t length,
                   Grammar *grammar, Error *error)
{
    *grammar = (Grammar){.file = arena_text(arena, name, strlen(name))};
    Source source = {.arena = arena, .grammar = grammar, .line = 1, .error = error};
    source.start = source.at = arena_text(arena, text, length);
    if (grammar->file == NULL || source.start == NULL)
        return fail(error, "%s: out of memory", name);
    if (strlen(source.start) != length)
        return fail_request(error, "%s: a NUL byte: expected text", name);
    if (strncmp(source.at, "\xef\xbb\xbf", 3) == 0) /* the byte-order mark of some editors */
        source.start = source.at += 3;
    return read_rules(&source) && grammar_check(grammar, error);
}

bool grammar_load(Arena *arena, const char *path, Grammar *grammar, Error *error)
{
    Arena scratch = {0};
    FileBytes file;
    bool ok = file_read_named(&scratch, path, MAX_GRAMMAR_BYTES, &file, error) &&
              grammar_parse(arena, path, file.bytes, file.length, grammar, error);
    arena_free(&scratch);
    return ok;
}
