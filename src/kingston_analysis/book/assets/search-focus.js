const field = document.querySelector("form.bd-search input");
if (field) {
  field.focus();
  field.select();
}
