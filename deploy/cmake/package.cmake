# The Debian package, by CPack: deploy/package/build makes it. Paths are those of the root of a file system:
# `cmake --install build/release --prefix DIR` puts everything below DIR.
include_guard(GLOBAL)

if(NOT TARGET leyed OR NOT TARGET leyectl)
  return()
endif()

# Packing takes the programs as they are, instead of building all tests first.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)

set(package ${PROJECT_SOURCE_DIR}/deploy/package)
set(documents usr/share/doc/leye)
configure_file(${package}/debian/changelog ${PROJECT_BINARY_DIR}/package/changelog.Debian @ONLY)

install(TARGETS leyed leyectl DESTINATION usr/bin)
install(FILES ${package}/leyed.conf DESTINATION etc/leye)
install(FILES ${PROJECT_SOURCE_DIR}/deploy/systemd/leyed.service
              ${PROJECT_SOURCE_DIR}/deploy/systemd/leye-backup.service
              ${PROJECT_SOURCE_DIR}/deploy/systemd/leye-backup.timer
        DESTINATION lib/systemd/system)
install(FILES ${PROJECT_SOURCE_DIR}/deploy/systemd/leye.sysusers
        DESTINATION usr/lib/sysusers.d RENAME leye.conf)
install(FILES ${PROJECT_SOURCE_DIR}/deploy/systemd/leye.tmpfiles
        DESTINATION usr/lib/tmpfiles.d RENAME leye.conf)
install(FILES ${package}/debian/copyright ${PROJECT_SOURCE_DIR}/NOTICE
              ${PROJECT_SOURCE_DIR}/deploy/README.md
        DESTINATION ${documents})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/deploy/prometheus ${PROJECT_SOURCE_DIR}/deploy/grafana
                  ${PROJECT_SOURCE_DIR}/deploy/nginx ${PROJECT_SOURCE_DIR}/deploy/redis
        DESTINATION ${documents}/examples)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/deploy/backup DESTINATION usr/share/leye
        USE_SOURCE_PERMISSIONS)
configure_file(${package}/install_manuals.cmake.in
               ${PROJECT_BINARY_DIR}/package/install_manuals.cmake.in @ONLY)
file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/package/install_manuals.cmake
     INPUT ${PROJECT_BINARY_DIR}/package/install_manuals.cmake.in)
install(SCRIPT ${PROJECT_BINARY_DIR}/package/install_manuals.cmake)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME leye)
set(CPACK_PACKAGE_CONTACT "leye authors <leye@example.org>")
set(CPACK_PACKAGING_INSTALL_PREFIX /)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "systemd | systemd-standalone-sysusers")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS sqlite3)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "nginx, redis-tools, redis-server, prometheus")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"matches relocated people with jobs
leye is a gRPC service for those who find work for people that were moved out
of poverty-stricken places: it keeps people, households, employers and
postings, ranks people for a posting and postings for a person with the
reasons of each, and follows a referral from the recommendation to the job.
.
This package has the server leyed, with its service, and the client leyectl.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${package}/debian/postinst ${package}/debian/prerm ${package}/debian/postrm
    ${package}/debian/conffiles)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
