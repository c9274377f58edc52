/* Small curves in a terminal: block sparklines of one row, and a braille canvas of 2 x 4 dots a cell. */
#ifndef TJ_IO_CLI_CURVE_H
#define TJ_IO_CLI_CURVE_H

#include <stddef.h>

/* n bars from low (lowest bar) to high (full bar); a NaN is a blank. text needs 3 n + 1 bytes. */
void tj_spark(char *text, const double *x, size_t n, double low, double high);

enum { TJ_CANVAS_COLUMNS = 64, TJ_CANVAS_ROWS = 16 };

/* Dots counted from the top left; what falls outside is left out. */
typedef struct tj_canvas {
    size_t columns, rows; /* cells, at most TJ_CANVAS_COLUMNS x TJ_CANVAS_ROWS */
    unsigned char dots[TJ_CANVAS_ROWS][TJ_CANVAS_COLUMNS];
} tj_canvas;

void tj_canvas_init(tj_canvas *canvas, size_t columns, size_t rows);

/* A line through y[n], spread over the whole width, value `low` at the bottom and `high` at the top;
 * a gap (NaN) stays a gap, and a value between two gaps is a dot. */
void tj_canvas_line(tj_canvas *canvas, const double *y, size_t n, double low, double high);

/* A light pattern between y0[n] and y1[n]; nothing where either is NaN. */
void tj_canvas_band(tj_canvas *canvas, const double *y0, const double *y1, size_t n, double low, double high);

/* One row of cells as braille; text needs 3 columns + 1 bytes. */
void tj_canvas_row(const tj_canvas *canvas, size_t row, char *text);

#endif
