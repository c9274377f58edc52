/* One reader per file of the study (docs/study-format.md). Each takes a text that is known to be one and fills
 * its lists of source->study. */
#ifndef TJ_IO_READERS_FILES_H
#define TJ_IO_READERS_FILES_H

#include "io/readers/source.h"
#include "io/readers/yaml_tree.h"

/* YAML files: the tree of the file. */
void tj_read_study_file(tj_source *source, const tj_node *root);
void tj_read_cities(tj_source *source, const tj_node *root);
void tj_read_sectors(tj_source *source, const tj_node *root);
void tj_read_technologies(tj_source *source, const tj_node *root);
void tj_read_backgrounds(tj_source *source, const tj_node *root);
void tj_read_measures(tj_source *source, const tj_node *root);
void tj_read_packages(tj_source *source, const tj_node *root);
void tj_read_targets(tj_source *source, const tj_node *root);

/* CSV files. */
void tj_read_inventory(tj_source *source, const char *text, size_t size);
void tj_read_population(tj_source *source, const char *text, size_t size);
void tj_read_national(tj_source *source, const char *text, size_t size);
void tj_read_trend(tj_source *source, const char *text, size_t size);
void tj_read_pool(tj_source *source, const char *text, size_t size);
void tj_read_gwp(tj_source *source, const char *text, size_t size);
void tj_read_fleets(tj_source *source, const char *text, size_t size);
void tj_read_drivers(tj_source *source, const char *text, size_t size);

/* Lists of study.yaml that have a file of code of their own. */
extern const struct tj_mapping tj_correlation_mapping;

/* Keys of the files that study.yaml may place elsewhere; returns how many. */
enum { TJ_FILES_MOST = 24 };
size_t tj_files_names(const char *names[TJ_FILES_MOST]);

/* The name under which study.yaml says that the file `key` ("pool") is found; NULL where it does not. */
const tj_node *tj_study_file_named(const tj_node *root, const char *key);

#endif
