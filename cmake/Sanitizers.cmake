# TOPOBATHY_SANITIZE=address,undefined or thread. Sanitizer builds never mix: one tree each (see CMakePresets.json).
set(TOPOBATHY_SANITIZE "" CACHE STRING "Comma-separated -fsanitize= list, empty for none")
if(TOPOBATHY_SANITIZE)
  add_compile_options(-fsanitize=${TOPOBATHY_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  # Instrumented code makes GCC see uninitialized values in std::optional where there are none (GCC bug 80635).
  add_compile_options(-Wno-maybe-uninitialized)
  add_link_options(-fsanitize=${TOPOBATHY_SANITIZE})
  # ifunc resolvers of target_clones run before the sanitizer runtime is ready.
  add_compile_definitions(TOPOBATHY_NO_TARGET_CLONES)
endif()
