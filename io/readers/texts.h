/* Files on a disk -> texts in memory. */
#ifndef TJ_IO_READERS_TEXTS_H
#define TJ_IO_READERS_TEXTS_H

#include "engine/status.h"
#include "scenarios/diag.h"
#include "scenarios/study.h"

/* Most that a file may hold; larger ones are refused without being read. */
enum { TJ_YAML_BYTES_MOST = 16 << 20, TJ_CSV_BYTES_MOST = 512 << 20 };

/* TJ_OK where `size` bytes of a file called `name` may be read, else TJ_ERR_IO after a fault. */
tj_status tj_text_size_check(tj_diags *diags, const char *name, uint64_t size);

/* Whether `folder` is one; else a fault, and TJ_ERR_IO. */
tj_status tj_folder_check(tj_diags *diags, const char *folder);

/* Reads folder/name (or `name` alone where it is absolute) into the arena. TJ_ERR_IO after a fault; a file that
 * does not exist is no fault: TJ_OK and bytes NULL. */
tj_status tj_text_load(tj_arena *arena, tj_diags *diags, const char *folder, const char *name, tj_text *text);

/* Warns of files in the folder that look like files of a study but are none of `names`. */
void tj_folder_strangers(tj_diags *diags, const char *folder, const char *const *names, size_t count);

#endif
