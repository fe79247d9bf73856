// `npm run apps`: app-web, app-was and the model on this machine.
import '../local/run/application-program';
