// As precompiled.h, with what every test reads.
#ifndef LEYE_DEPLOY_CMAKE_PRECOMPILED_TEST_H_
#define LEYE_DEPLOY_CMAKE_PRECOMPILED_TEST_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "deploy/cmake/precompiled.h"

#endif  // LEYE_DEPLOY_CMAKE_PRECOMPILED_TEST_H_
