// onnxruntime sends telemetry to Microsoft and writes files for it unless this variable is set before the library
// loads. Import this first. Native code does not see variables that a worker thread sets: the process that starts
// workers must import it, too.
process.env['ORT_DISABLE_TELEMETRY'] = '1';
