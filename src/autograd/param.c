/* param.c: the list of parameters and its two flat buffers. */
#include "autograd/param.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { PARAM_ALIGNMENT = ARENA_ALIGNMENT / sizeof(real) }; /* in numbers */

Tensor *param_add(ParamList *list, const char *name, size_t rank, const size_t shape[], Init init,
                  Decay decay)
{
    assert(!list->values && rank >= 1 && rank <= MAX_RANK && !param_find(list, name));
    Param *param = arena_alloc(&list->arena, 1, sizeof *param);
    if (!param)
        return NULL;
    int length = snprintf(param->name, sizeof param->name, "%s", name);
    assert(length > 0 && (size_t)length < sizeof param->name);
    param->tensor.rank = rank;
    memcpy(param->tensor.shape, shape, rank * sizeof *shape);
    param->init = init;
    param->decay = decay;
    if (list->last)
        list->last->next = param;
    else
        list->first = param;
    list->last = param;
    list->count++;
    if (decay != FROZEN)
        list->n_numbers += tensor_size(&param->tensor);
    return &param->tensor;
}

static size_t aligned_size(const Param *param)
{
    size_t size = tensor_size(&param->tensor);
    return (size + PARAM_ALIGNMENT - 1) / PARAM_ALIGNMENT * PARAM_ALIGNMENT;
}

bool param_list_allocate(ParamList *list, Error *error)
{
    list->size = 0;
    for (Param *param = list->first; param; param = param->next)
        list->size += aligned_size(param);
    list->values = arena_alloc(&list->arena, list->size, sizeof *list->values);
    list->gradients = arena_alloc(&list->arena, list->size, sizeof *list->gradients);
    if (!list->values || !list->gradients)
        return fail(error, "out of memory: %zu parameters", list->n_numbers);
    size_t start = 0;
    for (Param *param = list->first; param; param = param->next) {
        param->tensor.data = list->values + start;
        param->tensor.grad = param->decay == FROZEN ? NULL : list->gradients + start;
        start += aligned_size(param);
    }
    return true;
}

void param_list_initialise(ParamList *list, RandomKey key)
{
    for (Param *param = list->first; param; param = param->next) {
        RandomKey own = random_for(key, param->name);
        size_t size = tensor_size(&param->tensor);
        for (size_t i = 0; i < size; i++)
            param->tensor.data[i] = param->init.kind == INIT_NORMAL
                                        ? (real)(param->init.value * random_normal(own, i))
                                        : (real)param->init.value;
    }
}

void param_list_zero_gradients(ParamList *list)
{
    memset(list->gradients, 0, list->size * sizeof *list->gradients);
}

Param *param_find(const ParamList *list, const char *name)
{
    for (Param *param = list->first; param; param = param->next)
        if (strcmp(param->name, name) == 0)
            return param;
    return NULL;
}

void param_list_free(ParamList *list)
{
    arena_free(&list->arena);
    *list = (ParamList){0};
}
