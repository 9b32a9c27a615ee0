/* weights.c: by name. First everything is looked at, then numbers are copied. */
#include "train/weights.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"

/* The output head is the token table here: two names for the same numbers. */
static const char TABLE[] = "transformer.wte.weight", HEAD[] = "lm_head.weight";

/* F32, single precision; what is read here is F64 otherwise. */
static bool is_single(const SafeTensor *tensor)
{
    return strcmp(tensor->dtype, "F32") == 0;
}

/* A number as this program will have it: an F64 may be too large for a float. */
static inline real number_at(const SafeTensor *tensor, bool single, size_t i)
{
    return single ? (real)((const float *)tensor->data)[i]
                  : (real)((const double *)tensor->data)[i];
}

static void copy_numbers(real *to, const SafeTensor *from, size_t count)
{
    bool single = is_single(from);
    for (size_t i = 0; i < count; i++)
        to[i] = number_at(from, single, i);
}

/* --- what the metadata say --- */

uint64_t weights_checksum(const SafeFile *file)
{
    static const char *const texts[] = {"config", "vocabulary", "tokens"};
    uint64_t sum = HASH_START;
    for (size_t t = 0; t < file->n_tensors; t++)
        sum = hash_words(sum, file->tensors[t].data, file->tensors[t].bytes);
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        const SafeText *text = safetensors_text(file, texts[t]);
        if (text)
            sum = hash_bytes(sum, text->value, text->value_length);
    }
    return sum;
}

bool weights_verify(const SafeFile *file, const char **lacks, Error *error)
{
    const SafeText *checksum = safetensors_text(file, "checksum");
    bool vocabulary = safetensors_text(file, "vocabulary") != NULL;
    *lacks = checksum && vocabulary ? NULL
             : checksum             ? "no vocabulary"
             : vocabulary           ? "no checksum"
                                    : "no checksum, no vocabulary";
    return !checksum || strtoull(checksum->value, NULL, 16) == weights_checksum(file) ||
           fail(error,
                "damaged: its contents do not have the checksum %s (a program that writes the file "
                "anew leaves that out)",
                checksum->value);
}

bool weights_vocabulary(Arena *arena, const SafeFile *file, Vocab *vocab, Error *error)
{
    const SafeText *text = safetensors_text(file, "vocabulary"),
                   *tokens = safetensors_text(file, "tokens");
    VocabKind kind = VOCAB_CHARACTERS;
    while (tokens && vocab_kind_names[kind] && strcmp(tokens->value, vocab_kind_names[kind]) != 0)
        kind++;
    if (!vocab_kind_names[kind])
        return fail(error,
                    "metadata \"tokens\": missing or damaged: expected char, word or symbol");
    return vocab_from_text(arena, kind, text->value, text->value_length, vocab, error);
}

/* Of two vocabularies of one kind. */
static bool is_same_token(const Vocab *a, const Vocab *b, size_t v)
{
    return a->kind == VOCAB_CHARACTERS ? a->characters[v] == b->characters[v]
                                       : strcmp(a->words[v], b->words[v]) == 0;
}

/* Token v of the file must be token v of the corpus: row v of the token table stands for it. */
static bool check_token(const Vocab *own, const Vocab *corpus, size_t v, Error *error)
{
    if (is_same_token(own, corpus, v))
        return true;
    TextBuffer found = {0}, expected = {0};
    vocab_quote(own, (int)v, &found);
    vocab_quote(corpus, (int)v, &expected);
    if (found.failed || expected.failed)
        fail(error, "vocabulary: out of memory");
    else
        fail_request(error, "vocabulary: %s %zu is %s: expected %s, as in the corpus",
                     vocab_unit(own), v + 1, found.bytes, expected.bytes);
    text_buffer_free(&found);
    text_buffer_free(&expected);
    return false;
}

/* A file with a vocabulary must have that of the corpus. */
static bool check_vocabulary(const SafeFile *file, const Vocab *corpus, Error *error)
{
    Arena arena = {0};
    Vocab own;
    if (!safetensors_text(file, "vocabulary"))
        return true;
    bool ok = weights_vocabulary(&arena, file, &own, error);
    if (ok && (own.kind != corpus->kind || own.size != corpus->size))
        ok = fail_request(error, "vocabulary: %zu %ss: expected %zu %ss, as in the corpus",
                          own.size, vocab_unit(&own), corpus->size, vocab_unit(corpus));
    for (size_t v = 0; ok && v < corpus->size; v++)
        ok = check_token(&own, corpus, v, error);
    arena_free(&arena);
    return ok;
}

/* --- one tensor --- */

static const char *shape_text(Arena *arena, const size_t *shape, size_t rank)
{
    TextBuffer text = {0};
    for (size_t d = 0; d < rank; d++)
        text_append_format(&text, "%s%zu", d > 0 ? ", " : "", shape[d]);
    const char *copy = text.failed ? NULL : arena_text(arena, text.bytes, text.length);
    text_buffer_free(&text);
    return copy ? copy : "?";
}

static bool check_shape(const SafeTensor *found, const Tensor *shape, Error *error)
{
    if (found->rank == shape->rank &&
        memcmp(found->shape, shape->shape, shape->rank * sizeof *shape->shape) == 0)
        return true;
    Arena arena = {0};
    fail_request(error, "has shape [%s]: the config expects [%s]",
                 shape_text(&arena, found->shape, found->rank),
                 shape_text(&arena, shape->shape, shape->rank));
    arena_free(&arena);
    return false;
}

bool weights_check_numbers(const SafeTensor *tensor, Error *error)
{
    bool single = is_single(tensor);
    if (!single && strcmp(tensor->dtype, "F64") != 0)
        return fail(error, "has dtype %s: expected F32 or F64", tensor->dtype);
    size_t count = tensor->bytes / (single ? sizeof(float) : sizeof(double));
    for (size_t i = 0; i < count; i++)
        if (!isfinite(number_at(tensor, single, i)))
            return fail(error, "number %zu of %zu is %s: expected finite numbers", i + 1, count,
                        text_short((double)number_at(tensor, single, i)).text);
    return true;
}

/* The tensor of a name. A program that writes table and head once may have kept the head. */
static const SafeTensor *find(const SafeFile *file, const char *name)
{
    const SafeTensor *found = safetensors_find(file, name);
    return found || strcmp(name, TABLE) != 0 ? found : safetensors_find(file, HEAD);
}

/* The tensor of this name, if it has that shape and numbers that can be used; else NULL. */
static const SafeTensor *find_sound(const SafeFile *file, const char *name, const Tensor *shape,
                                    Error *error)
{
    const SafeTensor *found = find(file, name);
    if (!found)
        fail_request(error, "missing");
    else if (check_shape(found, shape, error) && weights_check_numbers(found, error))
        return found;
    fail_within(error, "tensor \"%s\"", name);
    return NULL;
}

bool weights_read(const SafeFile *file, const char *name, const Tensor *shape, real *numbers,
                  Error *error)
{
    const SafeTensor *found = find_sound(file, name, shape, error);
    if (found)
        copy_numbers(numbers, found, tensor_size(shape));
    return found != NULL;
}

/* --- the whole file --- */

/* A head beside the table has the same numbers, bit for bit. */
static bool check_head(const SafeFile *file, const SafeTensor *head, Error *error)
{
    const SafeTensor *table = find(file, TABLE);
    if (strcmp(head->dtype, table->dtype) == 0 && head->rank == table->rank &&
        memcmp(head->shape, table->shape, head->rank * sizeof *head->shape) == 0 &&
        memcmp(head->data, table->data, head->bytes) == 0)
        return true;
    return fail_request(error,
                        "differs from \"%s\": expected the same, bit for bit: they are one "
                        "table here",
                        TABLE);
}

/* Is this the mask of a layer that the model has? "transformer.h.0.attn.bias" is, if there is a
 * "transformer.h.0.attn.c_attn.weight". */
static bool is_mask(const ParamList *params, const char *name)
{
    static const char *const masks[] = {".attn.bias", ".attn.masked_bias"};
    char sibling[2 * PARAM_NAME_SIZE];
    for (size_t m = 0; m < sizeof masks / sizeof *masks; m++) {
        size_t length = strlen(name), end = strlen(masks[m]);
        if (length <= end || strcmp(name + length - end, masks[m]) != 0)
            continue;
        snprintf(sibling, sizeof sibling, "%.*s.attn.c_attn.weight", (int)(length - end), name);
        return length < PARAM_NAME_SIZE && param_find(params, sibling) != NULL;
    }
    return false;
}

static bool is_of_optimizer(const char *name)
{
    return strncmp(name, WEIGHTS_OF_OPTIMIZER, strlen(WEIGHTS_OF_OPTIMIZER)) == 0;
}

/* A tensor that is no parameter of the model: it may be one of the three kinds in weights.h. */
static bool check_other_tensor(const SafeFile *file, const SafeTensor *tensor,
                               const ParamList *params, Error *error)
{
    if (strcmp(tensor->name, HEAD) == 0)
        return check_head(file, tensor, error);
    if (is_mask(params, tensor->name) || is_of_optimizer(tensor->name))
        return true;
    return fail_request(error, "not part of the model in the config");
}

bool weights_check(const SafeFile *file, const ParamList *params, Error *error)
{
    for (size_t t = 0; t < file->n_tensors; t++) {
        const SafeTensor *tensor = &file->tensors[t];
        if (!param_find(params, tensor->name) && !check_other_tensor(file, tensor, params, error))
            return fail_within(error, "tensor \"%s\"", tensor->name);
    }
    for (const Param *p = params->first; p; p = p->next)
        if (!find_sound(file, p->name, &p->tensor, error))
            return false;
    return true;
}

void weights_copy(const SafeFile *file, ParamList *params)
{
    for (Param *p = params->first; p; p = p->next)
        copy_numbers(p->tensor.data, find(file, p->name), tensor_size(&p->tensor));
}

bool weights_load(const char *path, const Vocab *vocab, ParamList *params, const char **lacks,
                  Error *error)
{
    Arena arena = {0};
    SafeFile file;
    bool ok = safetensors_read(&arena, path, &file, error) &&
              ((weights_verify(&file, lacks, error) && check_vocabulary(&file, vocab, error) &&
                weights_check(&file, params, error)) ||
               fail_within(error, "%s", path));
    if (ok)
        weights_copy(&file, params);
    arena_free(&arena);
    return ok;
}
