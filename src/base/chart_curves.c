/* chart_curves.c: curves as dots, and dots as characters.
 *
 * A character is a box of dots: 2 x 4 as Braille, 1 x 1 without Unicode. A curve has, in each
 * column of dots, a span from its lowest dot there to its highest:
 *
 *     where it has points     from the lowest of them to the highest;
 *     between two points      the dot on the straight line from one to the other;
 *     then                    spans that follow each other along the line, but do not touch, are
 *                             extended towards each other until they do.
 *
 * So each point is drawn where it belongs, and a curve that falls is drawn falling. */
#include "base/chart_curves.h"

#include <math.h>

enum { LETTER_DISTANCE = 6 }; /* columns between two letters of a curve, at least */
enum { BRAILLE = 0x2800, NO_DOT = -2 };

typedef struct Span {
    int low, high; /* rows of dots from below; -1 and n_rows are outside. high < low: nothing */
    int point;     /* where a point of the data is; NO_DOT: there is none */
    bool goes_on;  /* the line is drawn on to the next column */
} Span;

/* The dots, and whose they are. */
typedef struct Dots {
    int per_column, per_row; /* in a character */
    int n_columns, n_rows;
    Span *spans;    /* [n_series, n_columns] */
    size_t *waits;  /* [n_series]: shared characters that others have had since this one's last */
    size_t *letter; /* [n_series]: the column of the letter drawn last */
    bool *due;      /* [n_series]: a letter has to be drawn */
} Dots;

static bool dots_init(Dots *dots, const Chart *chart, const ChartPlot *plot, Arena *arena)
{
    dots->per_column = chart->unicode ? 2 : 1;
    dots->per_row = chart->unicode ? 4 : 1;
    dots->n_columns = (int)plot->columns.columns * dots->per_column;
    dots->n_rows = (int)plot->rows.rows * dots->per_row;
    size_t n = chart->n_series, n_columns = (size_t)dots->n_columns;
    dots->spans = arena_alloc(arena, n * n_columns + 1, sizeof *dots->spans);
    dots->waits = arena_alloc(arena, n + 1, sizeof *dots->waits);
    dots->letter = arena_alloc(arena, n + 1, sizeof *dots->letter);
    dots->due = arena_alloc(arena, n + 1, sizeof *dots->due);
    if (!dots->spans || !dots->waits || !dots->letter || !dots->due)
        return false;
    for (size_t i = 0; i < n * n_columns; i++)
        dots->spans[i] = (Span){.low = dots->n_rows, .high = -1, .point = NO_DOT};
    return true;
}

/* --- a curve as spans --- */

/* The whole number below, held within low ... high. */
static int floor_within(double value, int low, int high)
{
    return (int)fmax(low, fmin(high, floor(value)));
}

static void add_dot(Span *span, int row)
{
    span->low = row < span->low ? row : span->low;
    span->high = row > span->high ? row : span->high;
}

/* In dots from the left and from below; NAN: interrupts the curve. */
typedef struct Place {
    double column, row;
} Place;

static Place place_of(const Dots *dots, const ChartPlot *plot, const ChartSeries *series, size_t i)
{
    return (Place){chart_column(&plot->columns, series->x[i]) * dots->per_column,
                   chart_row(&plot->rows, series->y[i]) * dots->per_row};
}

static void add_point(const Dots *dots, Span *spans, Place at)
{
    if (!(at.column >= 0 && at.column < dots->n_columns))
        return;
    Span *span = &spans[(int)at.column];
    span->point = floor_within(at.row, -1, dots->n_rows);
    add_dot(span, span->point);
}

/* The columns between two points, which may lie in either order. */
static void add_line(const Dots *dots, Span *spans, Place from, Place to)
{
    if (from.column > to.column) {
        add_line(dots, spans, to, from);
        return;
    }
    int begin = floor_within(from.column, -1, dots->n_columns);
    int end = floor_within(to.column, -1, dots->n_columns);
    for (int c = begin + 1; c < end; c++) {
        double share = (c + 0.5 - from.column) / (to.column - from.column);
        double row = from.row + share * (to.row - from.row);
        add_dot(&spans[c], floor_within(row, -1, dots->n_rows));
    }
    for (int c = begin < 0 ? 0 : begin; c < end; c++)
        spans[c].goes_on = true;
}

/* Each takes half of what is missing between two spans. */
static void connect(Span *a, Span *b)
{
    if (a->low > b->high) {
        connect(b, a);
        return;
    }
    int middle = (a->high + b->low) / 2;
    if (a->high + 1 < b->low) {
        a->high = middle;
        b->low = middle + 1;
    }
}

static void trace(const Dots *dots, const ChartPlot *plot, const ChartSeries *series, Span *spans)
{
    Place before = {NAN, NAN};
    for (size_t i = 0; i < series->count; i++) {
        Place at = place_of(dots, plot, series, i);
        bool is_place = !isnan(at.column) && !isnan(at.row);
        if (is_place)
            add_point(dots, spans, at);
        if (is_place && !isnan(before.column))
            add_line(dots, spans, before, at);
        before = is_place ? at : (Place){NAN, NAN};
    }
    for (int c = 0; c + 1 < dots->n_columns; c++)
        if (spans[c].goes_on)
            connect(&spans[c], &spans[c + 1]);
}

/* --- spans as characters --- */

/* The bits of the dots in a character, the left column from the top down and then the right one
 * (Unicode, block Braille Patterns). */
static const unsigned braille_bits[2][4] = {{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}};

/* A character and, in dots, its left column and its lowest row. */
typedef struct Box {
    size_t row, column; /* of the plot, from the top left */
    int first_dot, lowest_dot;
} Box;

static const Span *spans_of(const Dots *dots, size_t series, const Box *box)
{
    return dots->spans + series * (size_t)dots->n_columns + box->first_dot;
}

/* The dots of a curve in a character: 0 where it is not there. */
static unsigned pattern(const Dots *dots, size_t series, const Box *box)
{
    const Span *spans = spans_of(dots, series, box);
    unsigned bits = 0;
    for (int c = 0; c < dots->per_column; c++)
        for (int r = 0; r < dots->per_row; r++) {
            int dot = box->lowest_dot + dots->per_row - 1 - r;
            if (spans[c].low <= dot && dot <= spans[c].high)
                bits |= braille_bits[c][r];
        }
    return bits;
}

static bool has_point(const Dots *dots, size_t series, const Box *box)
{
    const Span *spans = spans_of(dots, series, box);
    for (int c = 0; c < dots->per_column; c++)
        if (spans[c].point >= box->lowest_dot && spans[c].point < box->lowest_dot + dots->per_row)
            return true;
    return false;
}

/* Whose turn it is in a character: of the curves in it, the one that has waited longest; n_series
 * where there is none. Where k curves run together, each gets every k-th character. */
static size_t take_turn(const Dots *dots, size_t n_series, const Box *box)
{
    size_t owner = n_series, sharing = 0;
    for (size_t s = 0; s < n_series; s++) {
        if (pattern(dots, s, box) == 0)
            continue;
        sharing++;
        if (owner == n_series || dots->waits[s] > dots->waits[owner])
            owner = s;
    }
    for (size_t s = 0; s < n_series && sharing > 1; s++)
        if (pattern(dots, s, box) != 0)
            dots->waits[s]++;
    if (sharing > 1)
        dots->waits[owner] = 0;
    return owner;
}

/* A letter is due at each point that is far enough from the letter before, and stays due where the
 * character belongs to another curve. The columns come from right to left, so that the last point
 * has a letter; `letter` counts from 1, and 0 is none. */
static bool is_due(const Dots *dots, size_t series, const Box *box)
{
    size_t last = dots->letter[series];
    bool is_far = last == 0 || last >= box->column + 1 + LETTER_DISTANCE;
    return dots->due[series] || (is_far && has_point(dots, series, box));
}

static bool take_letter(const Dots *dots, size_t series, const Box *box)
{
    if (!dots->due[series])
        return false;
    dots->letter[series] = box->column + 1;
    dots->due[series] = false;
    return true;
}

static void draw_box(const Chart *chart, const ChartPlot *plot, const Dots *dots, const char *marks,
                     const Box *box, Canvas *canvas)
{
    for (size_t s = 0; s < chart->n_series; s++)
        dots->due[s] = is_due(dots, s, box);
    size_t owner = take_turn(dots, chart->n_series, box);
    if (owner == chart->n_series)
        return;
    uint32_t code_point = (unsigned char)marks[owner];
    if (chart->unicode && !take_letter(dots, owner, box))
        code_point = BRAILLE + pattern(dots, owner, box);
    canvas_put(canvas, plot->top + box->row, plot->left + box->column, code_point,
               chart->series[owner].colour);
}

bool chart_draw_curves(const Chart *chart, const ChartPlot *plot, const char *marks, Arena *arena,
                       Canvas *canvas)
{
    Dots dots;
    if (!dots_init(&dots, chart, plot, arena))
        return false;
    for (size_t s = 0; s < chart->n_series; s++)
        trace(&dots, plot, &chart->series[s], dots.spans + s * (size_t)dots.n_columns);
    for (size_t column = plot->columns.columns; column-- > 0;)
        for (size_t row = 0; row < plot->rows.rows; row++) {
            Box box = {row, column, (int)column * dots.per_column,
                       (int)(plot->rows.rows - 1 - row) * dots.per_row};
            draw_box(chart, plot, &dots, marks, &box, canvas);
        }
    return true;
}
