/* Every allocation of the readers is refused in turn (linked with --wrap=malloc,calloc): reading ends in
 * TJ_ERR_MEMORY and leaks nothing. */
#include "harness.h"
#include "read_texts.h"

#include <stdlib.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);

static long allowed = -1; /* allocations until one is refused; negative: no limit */
static int refused;

static int refuse(void)
{
    if (allowed == 0)
        refused = 1;
    else if (allowed > 0)
        allowed--;
    return allowed == 0 && refused;
}

void *__wrap_malloc(size_t size)
{
    return refuse() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return refuse() ? NULL : __real_calloc(count, size);
}

/* Reads with the first `count` allocations granted; 1 where that was not enough. */
static int short_of_memory(long count, const tj_text *texts, size_t texts_count)
{
    tj_diags diags;
    tj_study study;
    tj_diags_init(&diags);
    refused = 0;
    allowed = count;
    tj_status status = tj_study_read_texts(texts, texts_count, &diags, &study);
    allowed = -1;
    CU_ASSERT_EQUAL(status, refused ? TJ_ERR_MEMORY : TJ_OK);
    CU_ASSERT_EQUAL(diags.memory_short, refused);
    tj_study_free(&study);
    tj_diags_free(&diags);
    return refused;
}

static void any_allocation_may_fail(void)
{
    static char pool[80000];
    size_t used = (size_t)sprintf(pool, "country,place,year,sector,value,unit\n");
    for (int i = 0; i < 2000; i++)
        used += (size_t)sprintf(pool + used, "SWE,P%d,2020,a,%d,kt\n", i, i);
    tj_text texts[SMALL_FILES + 1];
    memcpy(texts, small_study, sizeof small_study);
    texts[SMALL_FILES] = (tj_text){"pool.csv", pool, used};
    long count = 0;
    while (count < 10000 && short_of_memory(count, texts, SMALL_FILES + 1))
        count++;
    CU_ASSERT(count > 40 && count < 10000);
}

static const tj_test tests[] = {
    {"any allocation may fail", any_allocation_may_fail},
};

int main(void)
{
    return TJ_RUN("memory of the readers", tests);
}
