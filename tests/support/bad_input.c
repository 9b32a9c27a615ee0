/* bad_input.c: runs a request that should be refused, and looks at everything it leaves. */
#include "support/bad_input.h"

#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "math/real.h"

const char *with_folder(Bench *bench, const char *text)
{
    TextBuffer out = {0};
    text_append(&out, "", 0);
    for (; *text != '\0'; text++)
        if (*text == '@')
            text_append(&out, bench->folder, strlen(bench->folder));
        else
            text_append(&out, text, 1);
    const char *kept = out.failed ? NULL : arena_text(&bench->arena, out.bytes, out.length);
    text_buffer_free(&out);
    assert_non_null(kept);
    return kept;
}

/* Exactly one line, of this program. */
static bool is_one_line(const char *text)
{
    const char *end = strchr(text, '\n');
    return strncmp(text, "posgpt: ", 8) == 0 && end != NULL && end[1] == '\0';
}

static bool complain(const char *what, const char *problem, const Outcome *outcome)
{
    print_error("%s: %s\nexit code %d, stdout \"%.300s\", stderr:\n%s", what, problem,
                outcome->code, outcome->out, outcome->err);
    return false;
}

bool is_refused(Bench *bench, const char *what, const char *words, int code,
                const char *const pieces[MAX_PIECES])
{
    const Setting setting = {.seconds = BAD_INPUT_SECONDS};
    Outcome outcome =
        finish_posgpt(bench, start_posgpt(bench, &setting, with_folder(bench, words)));
    if (outcome.code != code)
        return complain(what, "another exit code", &outcome);
    if (!is_one_line(outcome.err))
        return complain(what, "not one line", &outcome);
    if (outcome.out[0] != '\0')
        return complain(what, "something on stdout", &outcome);
    for (size_t p = 0; p < MAX_PIECES && pieces[p] != NULL; p++)
        if (strstr(outcome.err, with_folder(bench, pieces[p])) == NULL)
            return complain(what, pieces[p], &outcome);
    if (path_is_taken(bench_path(bench, "out")))
        return complain(what, "a folder is left", &outcome);
    return true;
}

void only_with_float(void)
{
    if (sizeof(real) == sizeof(double))
        skip();
}

const char *tiny_out(Bench *bench, const char *more)
{
    const char *out = bench_text(bench, "|--out-dir|%s/out%s", bench->folder, more);
    return tiny(bench, out);
}

Outcome run_tiny_out(Bench *bench, const Setting *setting, const char *more)
{
    Setting own = setting != NULL ? *setting : (Setting){0};
    own.seconds = BAD_INPUT_SECONDS;
    own.programs = bench_path(bench, "programs");
    assert_true(folder_make(own.programs, NULL));
    return finish_posgpt(bench,
                         start_posgpt(bench, &own, tiny_out(bench, with_folder(bench, more))));
}
