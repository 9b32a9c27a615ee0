/* compare_cells.c: text that is filled up with spaces. */
#include "cli/compare_cells.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void print_name(const char *name)
{
    if (strlen(name) > NAME_WIDTH)
        printf("%s\n%*s", name, NAME_WIDTH, "");
    else
        printf("%-*s", NAME_WIDTH, name);
}

void print_number(const char *format, int width, double number)
{
    char cell[64];
    snprintf(cell, sizeof cell, format, number);
    printf("%*s", width, isnan(number) ? "-" : cell);
}

void print_change(int width, double number)
{
    printf("%*s", width, isnan(number) ? "-" : text_change(number, 4).text);
}

void print_interval(int width, Interval interval, NumberText write(double, int), int decimals)
{
    char cell[80] = "-";
    if (!isnan(interval.low))
        snprintf(cell, sizeof cell, "%s .. %s", write(interval.low, decimals).text,
                 write(interval.high, decimals).text);
    printf("%*s", width, cell);
}

/* No experiment of a few seeds shows a p-value to more digits than these. */
void print_p(int width, double p)
{
    if (p < 0.0001)
        printf("%*s", width, "< 0.0001");
    else
        print_number("%.4f", width, p);
}
