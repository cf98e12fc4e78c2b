#include "tests/faults/fault_vfs.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <new>
#include <system_error>
#include <utility>

#include <sqlite3.h>

namespace leye::faults {
namespace {

// What SQLite sees as an open file. The real file lies right behind it in the same allocation.
struct OpenFile {
  sqlite3_file base;
  FaultVfs* vfs;
  const std::string* path;  // Null for files that are passed through; owned.
};

constexpr int kHeaderBytes = (sizeof(OpenFile) + 15) / 16 * 16;

OpenFile* Self(sqlite3_file* file) { return reinterpret_cast<OpenFile*>(file); }
sqlite3_file* Real(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + kHeaderBytes);
}
const sqlite3_io_methods* Methods(sqlite3_file* file) { return Real(file)->pMethods; }
FaultVfs* Vfs(sqlite3_vfs* vfs) { return static_cast<FaultVfs*>(vfs->pAppData); }

int Close(sqlite3_file* file) {
  delete Self(file)->path;
  return Methods(file)->xClose(Real(file));
}

int Read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
  return Methods(file)->xRead(Real(file), to, size, offset);
}

int Write(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
  const OpenFile* self = Self(file);
  sqlite3_int64 before = 0;
  if (const int code = Methods(file)->xFileSize(Real(file), &before); code != SQLITE_OK) {
    return code;
  }
  const int64_t growth = std::max<int64_t>(offset + size - before, 0);
  if (const int code = self->vfs->BeforeWrite(growth); code != SQLITE_OK) return code;
  const int code = Methods(file)->xWrite(Real(file), from, size, offset);
  if (code == SQLITE_OK && self->path != nullptr) {
    self->vfs->Wrote(*self->path, offset,
                     std::string(static_cast<const char*>(from), static_cast<size_t>(size)));
  }
  return code;
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  const OpenFile* self = Self(file);
  if (const int code = self->vfs->BeforeChange(); code != SQLITE_OK) return code;
  const int code = Methods(file)->xTruncate(Real(file), size);
  if (code == SQLITE_OK && self->path != nullptr) self->vfs->Truncated(*self->path, size);
  return code;
}

int Sync(sqlite3_file* file, int /*flags*/) {
  const OpenFile* self = Self(file);
  if (const int code = self->vfs->BeforeChange(); code != SQLITE_OK) return code;
  // The real fsync is left out: what counts as durable is in the model, and the test runs faster.
  if (self->path != nullptr) self->vfs->Synced(*self->path);
  return SQLITE_OK;
}

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  return Methods(file)->xFileSize(Real(file), size);
}
int Lock(sqlite3_file* file, int level) { return Methods(file)->xLock(Real(file), level); }
int Unlock(sqlite3_file* file, int level) { return Methods(file)->xUnlock(Real(file), level); }
int CheckReservedLock(sqlite3_file* file, int* result) {
  return Methods(file)->xCheckReservedLock(Real(file), result);
}
int FileControl(sqlite3_file* file, int operation, void* argument) {
  // Growing a file in chunks or ahead of need would go around Write.
  if (operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE) return SQLITE_OK;
  return Methods(file)->xFileControl(Real(file), operation, argument);
}
int SectorSize(sqlite3_file* file) { return Methods(file)->xSectorSize(Real(file)); }
int DeviceCharacteristics(sqlite3_file* /*file*/) { return 0; }
int ShmMap(sqlite3_file* file, int region, int size, int extend, void volatile** memory) {
  return Methods(file)->xShmMap(Real(file), region, size, extend, memory);
}
int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
  return Methods(file)->xShmLock(Real(file), offset, count, flags);
}
void ShmBarrier(sqlite3_file* file) { Methods(file)->xShmBarrier(Real(file)); }
int ShmUnmap(sqlite3_file* file, int remove) {
  return Methods(file)->xShmUnmap(Real(file), remove);
}

// Version 2: with shared memory, without memory-mapped reads.
constexpr sqlite3_io_methods kMethods = {
    2,
    Close,
    Read,
    Write,
    Truncate,
    Sync,
    FileSize,
    Lock,
    Unlock,
    CheckReservedLock,
    FileControl,
    SectorSize,
    DeviceCharacteristics,
    ShmMap,
    ShmLock,
    ShmBarrier,
    ShmUnmap,
    nullptr,
    nullptr,
};

int Open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  FaultVfs* const faults = Vfs(vfs);
  const bool tracked = (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) != 0;
  // Before the real open, which may create it: an absent file is durably empty.
  if (tracked) faults->Opened(path);
  file->pMethods = nullptr;
  const int code = faults->real()->xOpen(faults->real(), path, Real(file), flags, out_flags);
  if (code != SQLITE_OK) return code;
  new (file) OpenFile{{&kMethods}, faults, tracked ? new std::string(path) : nullptr};
  return SQLITE_OK;
}

int Delete(sqlite3_vfs* vfs, const char* path, int sync_directory) {
  if (const int code = Vfs(vfs)->BeforeChange(); code != SQLITE_OK) return code;
  sqlite3_vfs* const real = Vfs(vfs)->real();
  const int code = real->xDelete(real, path, sync_directory);
  if (code == SQLITE_OK) Vfs(vfs)->Removed(path);
  return code;
}

std::string ContentOf(const std::string& path) {
  std::error_code absent;
  const auto size = std::filesystem::file_size(path, absent);
  if (absent) return {};
  std::string content(size, '\0');
  std::ifstream(path, std::ios::binary).read(content.data(), static_cast<std::streamsize>(size));
  return content;
}

}  // namespace

FaultVfs::FaultVfs(std::string name)
    : name_(std::move(name)),
      real_(sqlite3_vfs_find(nullptr)),
      vfs_(std::make_unique<sqlite3_vfs>(*real_)) {
  vfs_->zName = name_.c_str();
  vfs_->pNext = nullptr;
  vfs_->pAppData = this;
  vfs_->szOsFile = kHeaderBytes + real_->szOsFile;
  vfs_->xOpen = &Open;
  vfs_->xDelete = &Delete;
  sqlite3_vfs_register(vfs_.get(), 0);
}

FaultVfs::~FaultVfs() { sqlite3_vfs_unregister(vfs_.get()); }

void FaultVfs::SetSpaceLeft(int64_t bytes) {
  MutexLock lock(mutex_);
  space_left_ = bytes;
}

void FaultVfs::CutPower() {
  MutexLock lock(mutex_);
  cut_ = true;
}

int FaultVfs::BeforeWrite(int64_t growth_bytes) {
  MutexLock lock(mutex_);
  if (cut_) return SQLITE_IOERR_WRITE;
  if (space_left_ < 0 || growth_bytes == 0) return SQLITE_OK;
  if (growth_bytes > space_left_) return SQLITE_FULL;
  space_left_ -= growth_bytes;
  return SQLITE_OK;
}

int FaultVfs::BeforeChange() {
  MutexLock lock(mutex_);
  return cut_ ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

void FaultVfs::Opened(const std::string& path) {
  MutexLock lock(mutex_);
  if (files_.find(path) == files_.end()) files_[path].durable = ContentOf(path);
}

void FaultVfs::Wrote(const std::string& path, int64_t offset, std::string bytes) {
  MutexLock lock(mutex_);
  files_[path].pending.push_back({offset, std::move(bytes)});
}

void FaultVfs::Truncated(const std::string& path, int64_t size) {
  MutexLock lock(mutex_);
  files_[path].pending.push_back({size, {}, true});
}

void FaultVfs::Synced(const std::string& path) {
  MutexLock lock(mutex_);
  if (cut_) return;
  File& file = files_[path];
  for (const Change& change : file.pending) Apply(change, file.durable);
  file.pending.clear();
}

void FaultVfs::Removed(const std::string& path) {
  MutexLock lock(mutex_);
  files_.erase(path);
}

void FaultVfs::Apply(const Change& change, std::string& content) {
  const auto offset = static_cast<size_t>(change.offset);
  if (change.truncates) {
    if (content.size() > offset) content.resize(offset);
    return;
  }
  if (content.size() < offset + change.bytes.size()) content.resize(offset + change.bytes.size());
  content.replace(offset, change.bytes.size(), change.bytes);
}

void FaultVfs::RestoreDisk(Unsynced unsynced, RandomSource& random) {
  MutexLock lock(mutex_);
  for (auto& [path, file] : files_) {
    for (const Change& change : file.pending) {
      if (unsynced == Unsynced::kSomeSurvive && random.Next() % 2 == 0) Apply(change, file.durable);
    }
    std::ofstream(path, std::ios::binary | std::ios::trunc) << file.durable;
    // The index of the log lives in memory: a machine that starts again has none.
    std::error_code ignored;
    std::filesystem::remove(path + "-shm", ignored);
  }
  files_.clear();
  cut_ = false;
}

}  // namespace leye::faults
