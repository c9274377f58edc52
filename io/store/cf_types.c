/* HDF5 types of a tj_cf_type; see cf_types.h. */
#include "io/store/cf_types.h"

#include <hdf5.h>

int64_t tj_cf_make_text_type(void)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    if (type >= 0)
        H5Tset_size(type, H5T_VARIABLE);
    if (type >= 0)
        H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

int64_t tj_cf_memory_type(tj_cf_type type, int64_t text)
{
    switch (type) {
    case TJ_CF_DOUBLE:
    case TJ_CF_FLOAT:
        return H5T_NATIVE_DOUBLE;
    case TJ_CF_INT:
        return H5T_NATIVE_INT32;
    case TJ_CF_BYTE:
        return H5T_NATIVE_INT8;
    case TJ_CF_OCTET:
        return H5T_NATIVE_UINT8;
    case TJ_CF_TEXT:
        break;
    }
    return text;
}
