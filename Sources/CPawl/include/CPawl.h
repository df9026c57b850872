#ifndef PAWL_CPAWL_H
#define PAWL_CPAWL_H
#endif
