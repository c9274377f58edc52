/* What every suite shares: a CUnit main that fails when an assertion does.
 *
 * CU_basic_run_tests reports success when assertions fail, so the number of failures is asked for,
 * and a suite that ran nothing fails too. Prints one line: "N passed, N failed". */
#ifndef TJ_TESTS_HARNESS_H
#define TJ_TESTS_HARNESS_H

#include <CUnit/Basic.h>
#include <stdio.h>

typedef struct tj_test {
    const char *statement; /* what is true, as a sentence */
    void (*run)(void);
} tj_test;

static inline int tj_run_suite(const char *suite, const tj_test *tests, size_t count)
{
    if (CU_initialize_registry() != CUE_SUCCESS)
        return 1;
    CU_pSuite s = CU_add_suite(suite, NULL, NULL);
    for (size_t i = 0; s != NULL && i < count; i++)
        CU_add_test(s, tests[i].statement, tests[i].run);
    CU_basic_set_mode(CU_BRM_SILENT);
    CU_basic_run_tests();
    unsigned failed = CU_get_number_of_tests_failed();
    unsigned ran = CU_get_number_of_tests_run();
    if (CU_get_number_of_failures() > 0)
        CU_basic_show_failures(CU_get_failure_list());
    int bad = s == NULL || ran == 0 || CU_get_number_of_failures() > 0;
    CU_cleanup_registry();
    printf("\n%u passed, %u failed\n", ran - failed, failed);
    return bad;
}

#define TJ_RUN(suite, tests) tj_run_suite(suite, tests, sizeof(tests) / sizeof((tests)[0]))

#endif
