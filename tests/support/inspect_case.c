/* inspect_case.c: makes galleries. */
#include "support/inspect_case.h"

ModelShape inspect_shape(bool causal)
{
    ModelShape shape = small_model;
    shape.gpt.block_size = T;
    shape.gpt.causal = causal;
    return shape;
}

Subject subject_of(Fixture *f, const Pos *pos, size_t length)
{
    return (Subject){.pos = {pos},
                     .when = {"now"},
                     .count = 1,
                     .positions = positions_from(&f->arena, 0, 1, length)};
}

Gallery *gallery_of(Fixture *f, const Subject *subject)
{
    Error error = {0};
    Gallery *gallery = arena_alloc(&f->arena, 1, sizeof *gallery);
    assert_non_null(gallery);
    gallery->arena = &f->arena;
    if (!inspect(gallery, subject, &error))
        fail_msg("%s: %s", subject->pos[0]->scheme->name, error.text);
    return gallery;
}

const Figure *figure_of(const Gallery *gallery, const char *name)
{
    const Figure *figure = gallery_find(gallery, name);
    if (!figure)
        fail_msg("no figure %s", name);
    return figure;
}

double panel_value(const Figure *figure, size_t panel, size_t row, size_t column)
{
    assert_true(panel < figure->n_panels && row < figure->rows.count);
    assert_true(column < figure->columns.count);
    return figure->panels[panel].values[row * figure->columns.count + column];
}
