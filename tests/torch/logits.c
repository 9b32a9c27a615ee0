/* logits.c: prints what a checkpoint's model makes of a sequence of tokens.
 *
 *     logits runs/NAME/best.safetensors 3 1 4 1 5
 *
 * A line for each token, with a logit for each symbol of the vocabulary. Errors are one line on
 * stderr and exit code 1.
 */
#include <stdio.h>

#include "base/text.h"
#include "train/checkpoint.h"

static bool read_tokens(Arena *arena, const Gpt *gpt, char *words[], GptInput *input, Error *error)
{
    int *tokens = arena_alloc(arena, input->length, sizeof *tokens);
    if (!tokens)
        return fail(error, "out of memory");
    for (size_t t = 0; t < input->length; t++) {
        size_t token;
        if (!text_to_size(words[t], &token) || token >= gpt->config.vocab_size)
            return fail(error, "token %s: expected a whole number from 0 to %zu", words[t],
                        gpt->config.vocab_size - 1);
        tokens[t] = (int)token;
    }
    input->tokens = tokens;
    return positions_from_0(arena, input->length, &input->positions, error) &&
           pos_check(&gpt->pos, input->positions, error);
}

static void print_rows(const Tensor *logits)
{
    size_t width = tensor_width(logits);
    for (size_t i = 0; i < tensor_size(logits); i++)
        printf("%.9g%c", (double)logits->data[i], i % width == width - 1 ? '\n' : ' ');
}

static bool print_logits(const Gpt *gpt, char *words[], size_t length, Error *error)
{
    Arena arena = {0};
    Tape tape = {0};
    GptInput input = {.batch_size = 1, .length = length};
    bool ok = read_tokens(&arena, gpt, words, &input, error) && tape_init(&tape, false, error);
    if (ok)
        print_rows(gpt_forward(gpt, &tape, &input));
    tape_free(&tape);
    arena_free(&arena);
    return ok;
}

int main(int argc, char *argv[])
{
    static SavedModel saved;
    Error error = {0};
    bool ok = argc > 2 ? saved_model_open(&saved, argv[1], &error)
                       : fail(&error, "expected a checkpoint and tokens");
    if (ok) {
        ok = print_logits(&saved.gpt, argv + 2, (size_t)argc - 2, &error);
        saved_model_free(&saved);
    }
    if (!ok)
        fprintf(stderr, "%s\n", error.text);
    return ok ? 0 : 1;
}
