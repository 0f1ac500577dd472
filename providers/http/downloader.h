#pragma once

#include "cache/file_system.h"
#include "providers/http/http_client.h"
#include "providers/http/one_flight.h"
#include "providers/http/part_file.h"
#include "providers/http/requester.h"

namespace topobathy {

/// Whole files to disk: see HttpClient::download(). Threads and processes that want one path fetch
/// it once. Thread-safe.
class Downloader {
 public:
  Downloader(Requester& requester, FileSystem& files) : requester_(requester), files_(files) {}

  HttpAnswer download(const Download& wanted);

 private:
  HttpAnswer fetch_alone(const Download& wanted);
  HttpAnswer fetch(const Download& wanted, PartFile& part);
  HttpAnswer transfer(const Download& wanted, PartFile& part);

  Requester& requester_;
  FileSystem& files_;
  OneFlight<HttpAnswer> flights_;
};

}  // namespace topobathy
