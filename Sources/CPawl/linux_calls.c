#include "CPawl.h"
