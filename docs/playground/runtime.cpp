/// The one file that knows of WebAssembly: what a C++ exception becomes where nothing can be unwound.
///
/// The message goes to the page, which throws it as an Error of JavaScript and drops the instance; nothing here is used
/// again. Whatever is thrown is a std::exception by single inheritance, so that its address is the exception's. Nothing
/// in the library catches for its logic: what a handler would have added to a message is lost, and no more.

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <typeinfo>

extern "C" {

[[noreturn]] __attribute__((import_module("page"), import_name("thrown"))) void page_thrown(const char* text,
                                                                                            std::size_t length);

void* __cxa_allocate_exception(std::size_t size) noexcept {
  return std::malloc(size);
}
void __cxa_free_exception(void* exception) noexcept {
  std::free(exception);
}
[[noreturn]] void __cxa_throw(void* exception, std::type_info*, void (*)(void*)) {
  const char* what = static_cast<std::exception*>(exception)->what();
  page_thrown(what, std::strlen(what));
}

}  // extern "C"
