/* The files of a study, one record each, read in the order of the list; see study_reader.h.
 *
 * Place in the path of the data: texts -> tj_study. A text whose bytes are NULL could not be read and has its
 * fault already. */
#include "io/readers/study_reader.h"

#include "io/readers/files.h"
#include "io/readers/texts.h"

#include <assert.h>
#include <string.h>

typedef struct file_record {
    const char *key, *name;
    int required;
    void (*tree)(tj_source *source, const tj_node *root);            /* YAML */
    void (*table)(tj_source *source, const char *text, size_t size); /* CSV */
} file_record;

static const file_record files[] = {
    {"study", "study.yaml", 1, tj_read_study_file, NULL},
    {"cities", "cities.yaml", 1, tj_read_cities, NULL},
    {"sectors", "sectors.yaml", 1, tj_read_sectors, NULL},
    {"inventory", "inventory.csv", 1, NULL, tj_read_inventory},
    {"population", "population.csv", 0, NULL, tj_read_population},
    {"national", "national.csv", 0, NULL, tj_read_national},
    {"pool", "pool.csv", 0, NULL, tj_read_pool},
    {"trend", "trend.csv", 0, NULL, tj_read_trend},
    {"gwp", "gwp.csv", 0, NULL, tj_read_gwp},
    {"drivers", "drivers.csv", 0, NULL, tj_read_drivers},
    {"technologies", "technologies.yaml", 0, tj_read_technologies, NULL},
    {"fleets", "fleets.csv", 0, NULL, tj_read_fleets},
    {"backgrounds", "backgrounds.yaml", 1, tj_read_backgrounds, NULL},
    {"measures", "measures.yaml", 1, tj_read_measures, NULL},
    {"packages", "packages.yaml", 1, tj_read_packages, NULL},
    {"targets", "targets.yaml", 0, tj_read_targets, NULL},
};
enum { FILES = sizeof files / sizeof files[0], STUDY = 0 };
_Static_assert((int)FILES <= (int)TJ_FILES_MOST, "files.h bounds the list");

size_t tj_files_names(const char *names[TJ_FILES_MOST])
{
    for (size_t i = 1; i < FILES; i++)
        names[i - 1] = files[i].key;
    return FILES - 1;
}

/* Where a file is, and where study.yaml says so (file NULL: nowhere, it has its usual name). */
typedef struct placed {
    const char *name;
    tj_mark mark;
} placed;

/* The names of all files, from the text of study.yaml (NULL: the usual ones). Its faults are told when it is
 * read for good. */
static void files_place(tj_study *study, const tj_text *text, placed places[FILES])
{
    tj_diags silent;
    tj_arena arena;
    tj_diags_init(&silent);
    tj_arena_init(&arena);
    tj_source source = {files[STUDY].name, study, &silent, 0, 0};
    const char *bytes = text == NULL ? NULL : text->bytes;
    size_t size = text == NULL ? 0 : text->size;
    const tj_node *root = NULL;
    if (bytes != NULL && tj_source_check_text(&source, &bytes, &size) == 0)
        root = tj_yaml_read(&source, (tj_mark){source.file, 1, 1}, bytes, size, &arena);
    for (size_t i = 0; i < FILES; i++) {
        const tj_node *named = root == NULL || i == STUDY ? NULL : tj_study_file_named(root, files[i].key);
        places[i] = (placed){files[i].name, {0}};
        if (named != NULL)
            places[i] = (placed){tj_source_text(&source, named->text, named->length), named->mark};
    }
    tj_arena_free(&arena);
    tj_diags_free(&silent);
}

static const tj_text *text_find(const tj_study *study, const char *name)
{
    for (size_t i = 0; i < study->texts_count; i++)
        if (strcmp(study->texts[i].name, name) == 0)
            return &study->texts[i];
    return NULL;
}

static void tree_read(tj_source *source, const file_record *file, const char *bytes, size_t size)
{
    tj_arena arena;
    tj_arena_init(&arena);
    size_t errors = source->errors;
    const tj_node *root = tj_yaml_read(source, (tj_mark){source->file, 1, 1}, bytes, size, &arena);
    int broken = source->errors != errors;
    if (root != NULL && !tj_node_empty(root))
        file->tree(source, root);
    else if (!broken)
        tj_source_fault(source, (tj_mark){source->file, 0, 0}, "the file is empty, expected a mapping");
    tj_arena_free(&arena);
}

static void file_read(tj_study *study, tj_diags *diags, const file_record *file, const tj_text *text)
{
    tj_source source = {text->name, study, diags, 0, 0};
    const char *bytes = text->bytes;
    size_t size = text->size;
    if (tj_text_size_check(diags, text->name, size) != TJ_OK)
        return;
    if (tj_source_check_text(&source, &bytes, &size) == 0) {
        if (file->tree != NULL)
            tree_read(&source, file, bytes, size);
        else
            file->table(&source, bytes, size);
    }
    tj_source_end(&source);
}

static void missing(tj_diags *diags, const file_record *file, const placed *place)
{
    if (place->mark.file != NULL)
        tj_diag_add(diags, TJ_ERROR, place->mark, "the file '%.200s' of '%s' does not exist", place->name,
                    file->key);
    else if (file->required)
        tj_diag_add(diags, TJ_ERROR, (tj_mark){file->name, 0, 0}, "the file is missing; a study needs it");
}

/* Reads the texts that the study holds. */
static tj_status study_fill(tj_study *study, tj_diags *diags, const placed places[FILES])
{
    size_t errors = diags->errors;
    for (size_t i = 0; i < FILES; i++) {
        const tj_text *text = text_find(study, places[i].name);
        if (text == NULL)
            missing(diags, &files[i], &places[i]);
        else if (text->bytes != NULL)
            file_read(study, diags, &files[i], text);
    }
    if (diags->memory_short)
        return TJ_ERR_MEMORY;
    return diags->errors > errors ? TJ_ERR_INPUT : TJ_OK;
}

static int text_keep(tj_study *study, tj_diags *diags, tj_text text)
{
    tj_source source = {files[STUDY].name, study, diags, 0, 0};
    tj_text *kept = tj_source_append(&source, &study->texts, sizeof *kept);
    if (kept != NULL)
        *kept = text;
    return kept == NULL ? -1 : 0;
}

tj_status tj_study_read_texts(const tj_text *texts, size_t count, tj_diags *diags, tj_study *study)
{
    placed places[FILES];
    tj_study_init(study);
    for (size_t i = 0; i < count; i++) {
        assert(texts[i].name != NULL && (texts[i].bytes != NULL || texts[i].size == 0));
        char *name = tj_arena_text(&study->arena, texts[i].name, strlen(texts[i].name));
        char *bytes = tj_arena_text(&study->arena, texts[i].size == 0 ? "" : texts[i].bytes, texts[i].size);
        if (name == NULL || bytes == NULL ||
            text_keep(study, diags, (tj_text){name, bytes, texts[i].size}) != 0) {
            diags->memory_short = 1;
            return TJ_ERR_MEMORY;
        }
    }
    files_place(study, text_find(study, files[STUDY].name), places);
    return study_fill(study, diags, places);
}

/* Loads one file into the study's texts. One that cannot be read is kept without bytes. */
static tj_status file_load(tj_study *study, tj_diags *diags, const char *folder, const char *name)
{
    tj_text text;
    tj_status status = tj_text_load(&study->arena, diags, folder, name, &text);
    if ((text.bytes != NULL || status != TJ_OK) && text_keep(study, diags, text) != 0)
        return TJ_ERR_MEMORY;
    return status;
}

/* Texts that could not be read have served: the study is left with those that it was read from. */
static void texts_drop_unread(tj_study *study)
{
    size_t kept = 0;
    for (size_t i = 0; i < study->texts_count; i++)
        if (study->texts[i].bytes != NULL)
            study->texts[kept++] = study->texts[i];
    study->texts_count = kept;
}

static tj_status folder_load(tj_study *study, tj_diags *diags, const char *folder, placed places[FILES])
{
    const char *names[FILES];
    tj_status status = file_load(study, diags, folder, files[STUDY].name);
    files_place(study, text_find(study, files[STUDY].name), places);
    for (size_t i = 0; i < FILES; i++) {
        tj_status one = i == STUDY || text_find(study, places[i].name) != NULL
                            ? TJ_OK
                            : file_load(study, diags, folder, places[i].name);
        names[i] = places[i].name;
        status = status == TJ_OK ? one : status;
    }
    tj_folder_strangers(diags, folder, names, FILES);
    return status;
}

tj_status tj_study_read(const char *path, tj_diags *diags, tj_study *study)
{
    placed places[FILES];
    tj_study_init(study);
    tj_status loaded = tj_folder_check(diags, path);
    if (loaded != TJ_OK)
        return loaded;
    loaded = folder_load(study, diags, path, places);
    if (study->texts_count == 0 && loaded == TJ_OK) {
        tj_diag_add(diags, TJ_ERROR, (tj_mark){path, 0, 0},
                    "the folder holds no study; 'trajekt new FOLDER' writes a small one");
        return TJ_ERR_INPUT;
    }
    tj_status read = study_fill(study, diags, places);
    texts_drop_unread(study);
    return loaded == TJ_OK ? read : loaded;
}
