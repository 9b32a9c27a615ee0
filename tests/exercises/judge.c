/* judge.c: says whether an exercise is solved.
 *
 *     judge N        exit code 0: it is; 1: not yet; 2: there is no exercise N
 *
 * It is linked with a student's file in front of the library (scripts/exercise.sh).
 */
#include "exercises/judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/random.h"
#include "base/text.h"
#include "math/parallel.h"

static void (*const judges[])(Judge *judge) = {
    judge_gelu,     judge_linear,   judge_cross_entropy, judge_mask,
    judge_sinusoid, judge_rotation, judge_bucket,        judge_layer_norm,
};

enum { N_JUDGES = sizeof judges / sizeof *judges };

#ifdef REAL_IS_DOUBLE
static const double TOLERANCE = 1e-7; /* the differences are not better */
#else
static const double TOLERANCE = 1e-4;
#endif

void judge_need(bool there, const char *what)
{
    if (there)
        return;
    fprintf(stderr, "judge: %s\n", what);
    exit(2);
}

static void say_line(const char *name, const char *words)
{
    printf("  %-8s %s\n", name, words);
}

bool judge_numbers(Judge *judge, Numbers numbers)
{
    char words[DIAGNOSIS_SIZE];
    numbers.tolerance = TOLERANCE;
    bool right = diagnose(&numbers, words);
    say_line(numbers.name, words);
    judge->wrong += !right;
    return right;
}

void judge_say_wrong(Judge *judge, const char *name, const char *format, ...)
{
    char words[DIAGNOSIS_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    say_line(name, words);
    judge->wrong++;
}

void judge_try(const char *name, const char *format, ...)
{
    va_list arguments;
    fprintf(stderr, "tried: %-8s ", name);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

double *judge_doubles(Judge *judge, size_t n)
{
    double *numbers = arena_alloc(&judge->arena, n, sizeof *numbers);
    judge_need(numbers != NULL, "out of memory");
    return numbers;
}

double *judge_as_doubles(Judge *judge, const real *data, size_t n)
{
    double *numbers = judge_doubles(judge, n);
    for (size_t i = 0; i < n; i++)
        numbers[i] = (double)data[i];
    return numbers;
}

Tensor *judge_tensor(Judge *judge, uint64_t seed, size_t rows, size_t width)
{
    Tensor *x = arena_alloc(&judge->arena, 1, sizeof *x);
    judge_need(x != NULL, "out of memory");
    *x = (Tensor){.rank = rows > 1 ? 2 : 1, .shape = {rows > 1 ? rows : width, width}};
    x->data = arena_alloc(&judge->arena, rows * width, sizeof *x->data);
    x->grad = arena_alloc(&judge->arena, rows * width, sizeof *x->grad);
    judge_need(x->data && x->grad, "out of memory");
    for (size_t i = 0; i < rows * width; i++)
        x->data[i] = (real)random_normal(random_seed(seed), i);
    return x;
}

int main(int argc, char *argv[])
{
    size_t number = 0;
    Judge judge = {0};
    setvbuf(stdout, NULL, _IOLBF, 0); /* what was found is shown, even if the next thing crashes */
    parallel_set_threads(1);
    judge_need(argc == 2 && text_to_size(argv[1], &number) && number >= 1 && number <= N_JUDGES,
               "expected the number of an exercise");
    judge_need(tape_init(&judge.tape, true, NULL), "out of memory");
    judges[number - 1](&judge);
    tape_free(&judge.tape);
    arena_free(&judge.arena);
    return judge.wrong == 0 ? 0 : 1;
}
