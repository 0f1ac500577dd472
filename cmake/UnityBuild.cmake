# The files of a folder are compiled together, a few at a time: most of a build's time went into the same templates (JSON, arguments,
# regular expressions) again and again, and a full build takes less than half of it so. Names in anonymous namespaces are therefore unique within a folder.
# Who changes single files all day turns it off; the tree of the thread sanitizer is file by file, which shows that each names what it includes.
option(TOPOBATHY_UNITY_BUILD "Compile the files of a folder together" ON)
set(TOPOBATHY_UNITY_FILES 10 CACHE STRING "Files compiled together at most")
mark_as_advanced(TOPOBATHY_UNITY_FILES)

function(topobathy_unity_build target)
  if(NOT TOPOBATHY_UNITY_BUILD)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  # Classes of a .cpp file have members of types in its anonymous namespace, which is no header's fault here.
  target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    get_filename_component(folder ${source} DIRECTORY)
    file(RELATIVE_PATH folder ${CMAKE_CURRENT_SOURCE_DIR} ${folder})
    string(MAKE_C_IDENTIFIER "in_${folder}" folder)
    if(NOT DEFINED count_${folder})
      set(count_${folder} 0)
    endif()
    math(EXPR group "${count_${folder}} / ${TOPOBATHY_UNITY_FILES}")
    math(EXPR count_${folder} "${count_${folder}} + 1")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${folder}_${group})
  endforeach()
endfunction()
