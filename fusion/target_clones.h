#pragma once

/// Compiles a function twice, for AVX2 and for the baseline, and picks one when the program loads.
/// Both give the same bits: the build forbids contraction into fused multiply-adds
/// (CMakeLists.txt), and vector lanes round as scalars do.
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(TOPOBATHY_NO_TARGET_CLONES)
#define TOPOBATHY_TARGET_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define TOPOBATHY_TARGET_CLONES
#endif
